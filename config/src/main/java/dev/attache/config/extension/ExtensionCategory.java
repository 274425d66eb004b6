package dev.attache.config.extension;

/**
 * Where an extension can be plugged in, under Envoy's category names. A user's jar may only fill
 * the categories that exist.
 */
public enum ExtensionCategory {
    HTTP_FILTER("envoy.filters.http"),
    /** Entries of {@code typed_per_filter_config}, found by the override's own message type. */
    HTTP_FILTER_OVERRIDE("envoy.filters.http"),
    /** Messages of deprecated route fields that a filter reads, as {@code cors}. */
    HTTP_FILTER_ROUTE_FIELD("envoy.filters.http"),
    UPSTREAM_HTTP_FILTER("envoy.filters.http.upstream"),
    NETWORK_FILTER("envoy.filters.network"),
    UPSTREAM_NETWORK_FILTER("envoy.filters.upstream_network"),
    LISTENER_FILTER("envoy.filters.listener"),
    UDP_LISTENER_FILTER("envoy.filters.udp_listener"),
    DOWNSTREAM_TRANSPORT_SOCKET("envoy.transport_sockets.downstream"),
    UPSTREAM_TRANSPORT_SOCKET("envoy.transport_sockets.upstream"),
    ACCESS_LOGGER("envoy.access_loggers"),
    ACCESS_LOGGER_FILTER("envoy.access_loggers.extension_filters"),
    FORMATTER("envoy.formatter"),
    CLUSTER("envoy.clusters"),
    LOAD_BALANCING_POLICY("envoy.load_balancing_policies"),
    UPSTREAM_OPTIONS("envoy.upstream_options"),
    BOOTSTRAP("envoy.bootstrap"),
    RESOURCE_MONITOR("envoy.resource_monitors"),
    STATS_SINK("envoy.stats_sinks"),
    TRACER("envoy.tracers"),
    RETRY_HOST_PREDICATE("envoy.retry_host_predicates"),
    RETRY_PRIORITY("envoy.retry_priorities"),
    INTERNAL_REDIRECT_PREDICATE("envoy.internal_redirect_predicates"),
    REQUEST_ID("envoy.request_id"),
    ORIGINAL_IP_DETECTION("envoy.http.original_ip_detection"),
    EARLY_HEADER_MUTATION("envoy.http.early_header_mutation"),
    STATEFUL_HEADER_FORMATTER("envoy.http.stateful_header_formatters"),
    STATEFUL_SESSION("envoy.http.stateful_session"),
    INJECTED_CREDENTIAL("envoy.http.injected_credentials"),
    PATH_MATCH("envoy.path.match"),
    PATH_REWRITE("envoy.path.rewrite"),
    STRING_MATCHER("envoy.string_matcher"),
    CERTIFICATE_VALIDATOR("envoy.tls.cert_validator"),
    HEALTH_CHECKER("envoy.health_checkers"),
    HEALTH_CHECK_EVENT_SINK("envoy.health_check.event_sinks"),
    COMPRESSOR("envoy.compression.compressor"),
    DECOMPRESSOR("envoy.compression.decompressor"),
    RATE_LIMIT_DESCRIPTOR("envoy.rate_limit_descriptors"),
    RBAC_MATCHER("envoy.rbac.matchers"),
    RBAC_PRINCIPAL("envoy.rbac.principals"),
    CONFIG_VALIDATOR("envoy.config.validators"),
    /** What matcher trees look at in requests. */
    HTTP_MATCHING_INPUT("envoy.matching.http.input"),
    /** What matcher trees look at in connections. */
    NETWORK_MATCHING_INPUT("envoy.matching.network.input"),
    /** What every matcher tree may look at. */
    COMMON_MATCHING_INPUT("envoy.matching.common_inputs"),
    /** Tests of a value beside {@code value_match}. */
    INPUT_MATCHER("envoy.matching.input_matchers");

    private final String envoyName;

    ExtensionCategory(String envoyName) {
        this.envoyName = envoyName;
    }

    /** Envoy's name, as it stands in the extension list of a node. */
    public String envoyName() {
        return envoyName;
    }
}
