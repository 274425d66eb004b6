/**
 * {@code envoy.filters.listener.http_inspector}: recognises HTTP on plain connections.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.http_inspector.v3.HttpInspector}.
 */
@NullMarked
package dev.attache.filters.listener.http_inspector;

import org.jspecify.annotations.NullMarked;
