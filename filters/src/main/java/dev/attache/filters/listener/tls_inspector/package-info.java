/**
 * {@code envoy.filters.listener.tls_inspector}: recognises TLS, SNI and ALPN before a chain is
 * chosen.
 *
 * <p>Type URL {@code envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector}. JA3 and JA4
 * fingerprints are refused.
 */
@NullMarked
package dev.attache.filters.listener.tls_inspector;

import org.jspecify.annotations.NullMarked;
