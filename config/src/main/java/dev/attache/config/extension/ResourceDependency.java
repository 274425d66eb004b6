package dev.attache.config.extension;

import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/**
 * A resource that another one waits for before it can be called warm.
 *
 * @param typeUrl type URL of the awaited resource, e.g. that of RouteConfiguration
 * @param source where it comes from
 */
public record ResourceDependency(String typeUrl, String name, ConfigSource source) {}
