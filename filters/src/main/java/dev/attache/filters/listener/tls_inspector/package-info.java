/**
 * {@code envoy.filters.listener.tls_inspector}: recognises TLS, SNI and ALPN before a chain is
 * chosen, and takes fingerprints of hellos.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}.
 */
@NullMarked
package dev.attache.filters.listener.tls_inspector;

import org.jspecify.annotations.NullMarked;
