package dev.attache.proxy.pipeline;

/**
 * One entry of {@code http_filters}.
 *
 * @param name the key of {@code typed_per_filter_config}
 * @param disabled off unless a route switches it on
 */
public record FilterEntry(String name, HttpFilterSpec filter, boolean disabled) {}
