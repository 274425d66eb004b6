package dev.attache.config.extension;

import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.network.NetworkFilterSpec;
import dev.attache.proxy.network.UpstreamNetworkFilterSpec;
import dev.attache.proxy.pipeline.HttpFilterSpec;

/** Filters whose configurations can be discovered, in the order in which Envoy dumps them. */
public enum FilterKind {
    HTTP(ExtensionCategory.HTTP_FILTER, HttpFilterSpec.class, "http_filter"),
    NETWORK(ExtensionCategory.NETWORK_FILTER, NetworkFilterSpec.class, "network_filter"),
    TCP_LISTENER(
            ExtensionCategory.LISTENER_FILTER, ListenerFilterSpec.class, "tcp_listener_filter"),
    UPSTREAM_HTTP(
            ExtensionCategory.UPSTREAM_HTTP_FILTER, HttpFilterSpec.class, "upstream_http_filter"),
    UPSTREAM_NETWORK(
            ExtensionCategory.UPSTREAM_NETWORK_FILTER,
            UpstreamNetworkFilterSpec.class,
            "upstream_network_filter");

    private final ExtensionCategory category;
    private final Class<?> spec;
    private final String stat;

    FilterKind(ExtensionCategory category, Class<?> spec, String stat) {
        this.category = category;
        this.spec = spec;
        this.stat = stat;
    }

    /** Where extensions of this kind are registered. */
    public ExtensionCategory category() {
        return category;
    }

    /** What their factories make. */
    public Class<?> spec() {
        return spec;
    }

    /** {@code extension_config_discovery.<this>.<name>.} counts what comes for one. */
    public String stat() {
        return stat;
    }

    /** Whether one of them must stand last in its chain. */
    public boolean terminal(Object filter) {
        return filter instanceof HttpFilterSpec http
                ? http.terminal()
                : filter instanceof NetworkFilterSpec network && network.terminal();
    }

    /** Whether it matters where in its chain one stands. */
    boolean hasPlace() {
        return this == HTTP || this == UPSTREAM_HTTP || this == NETWORK;
    }

    /** Whether Envoy wants to know each of {@code type_urls}, and a default where it is used. */
    boolean isStrict() {
        return this != NETWORK && this != UPSTREAM_NETWORK;
    }

    /** What Envoy's texts call it. */
    String words() {
        return this == TCP_LISTENER ? "listener " : "";
    }
}
