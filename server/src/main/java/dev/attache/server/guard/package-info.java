/**
 * The loop guard at its place in the proxy: what interception brings to a listener is judged by the
 * rules of {@code dev.attache.iptables.guard} before a filter chain is chosen.
 */
@NullMarked
package dev.attache.server.guard;

import org.jspecify.annotations.NullMarked;
