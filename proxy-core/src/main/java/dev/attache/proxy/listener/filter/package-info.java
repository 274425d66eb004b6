/**
 * Listener filters, which look at a connection's first bytes before its filter chain is chosen:
 * what one is ({@link dev.attache.proxy.listener.filter.ListenerFilter}), and Envoy's own: original
 * destination, TLS and HTTP inspection, PROXY protocol. Each parser takes its bytes in any portions
 * and never more than its documented maximum.
 */
@NullMarked
package dev.attache.proxy.listener.filter;

import org.jspecify.annotations.NullMarked;
