/**
 * A listener as configured: {@link dev.attache.proxy.listener.spec.ListenerSpec} and its parts, all
 * immutable, with Envoy's defaults applied. Source: {@code envoy.config.listener.v3.Listener}.
 */
@NullMarked
package dev.attache.proxy.listener.spec;

import org.jspecify.annotations.NullMarked;
