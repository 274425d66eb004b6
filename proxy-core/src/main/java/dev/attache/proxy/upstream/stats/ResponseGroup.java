package dev.attache.proxy.upstream.stats;

/** Under which prefixes Envoy repeats the counters of response codes. */
public enum ResponseGroup {
    ALL(""),
    CANARY("canary."),
    INTERNAL("internal."),
    EXTERNAL("external."),

    /** Responses that were not passed on, because the request was tried again. */
    RETRY("retry.");

    private final String prefix;

    ResponseGroup(String prefix) {
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }
}
