package dev.attache.proxy.listener.filter;

import org.jspecify.annotations.Nullable;

/**
 * One listener filter in a listener. Immutable.
 *
 * @param disabled connections that skip it, or null
 */
public record ListenerFilterEntry(
        String name, ListenerFilterSpec spec, @Nullable ListenerFilterPredicate disabled) {}
