/**
 * Listeners: sockets, listener filters, filter-chain matching, hand-off to a chain, draining.
 *
 * <p>Life: a {@link dev.attache.proxy.listener.spec.ListenerSpec} is immutable; each worker opens
 * its own share of the listener (its socket, its chains, its connections), so accepting takes no
 * lock.
 */
@NullMarked
package dev.attache.proxy.listener;

import org.jspecify.annotations.NullMarked;
