package dev.attache.proxy.upstream.stats;

/** Under which prefixes Envoy repeats the counters of response codes. */
public enum ResponseGroup {
    ALL(""),
    CANARY("canary."),
    INTERNAL("internal."),
    EXTERNAL("external.");

    private final String prefix;

    ResponseGroup(String prefix) {
        this.prefix = prefix;
    }

    public String prefix() {
        return prefix;
    }
}
