package dev.attache.testkit.filter;

/** Where {@code typed_per_filter_config} stands, the least specific first. */
public enum OverrideLevel {
    ROUTE_CONFIGURATION,
    VIRTUAL_HOST,
    ROUTE,
    WEIGHTED_CLUSTER
}
