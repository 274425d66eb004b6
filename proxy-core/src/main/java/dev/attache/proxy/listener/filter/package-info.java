/**
 * Envoy's own listener filters: original destination, TLS and HTTP inspection, PROXY protocol. Each
 * parser takes its bytes in any portions and never more than its documented maximum.
 */
@NullMarked
package dev.attache.proxy.listener.filter;

import org.jspecify.annotations.NullMarked;
