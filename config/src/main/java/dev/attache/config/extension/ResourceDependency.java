package dev.attache.config.extension;

import io.envoyproxy.envoy.config.core.v3.ConfigSource;

/**
 * A resource that another one waits for before it can be called warm.
 *
 * @param typeUrl type URL of the awaited resource, e.g. that of RouteConfiguration
 * @param source where it comes from
 * @param statPrefix of whoever uses it, below which its stats stand; empty where they do not
 */
public record ResourceDependency(
        String typeUrl, String name, ConfigSource source, String statPrefix) {

    /** One whose stats do not stand below those of its user. */
    public ResourceDependency(String typeUrl, String name, ConfigSource source) {
        this(typeUrl, name, source, "");
    }

    /** Whether both await the same, whoever uses it. */
    boolean awaitsSame(ResourceDependency other) {
        return typeUrl.equals(other.typeUrl)
                && name.equals(other.name)
                && source.equals(other.source);
    }
}
