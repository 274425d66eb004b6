/**
 * {@code istio.alpn}, {@code istio.envoy.config.filter.http.alpn.v2alpha1.FilterConfig}: what
 * upstream TLS offers as application protocols, by the protocol that the cluster will speak
 * (Envoy's contrib/istio, {@code alpn}). Status: complete.
 */
@NullMarked
package dev.attache.filters.istio.alpn;

import org.jspecify.annotations.NullMarked;
