/**
 * Network (L4) filters: the seam they implement, the chain that runs them on one connection, and
 * the TCP proxy.
 *
 * <p>Life: an immutable {@link dev.attache.proxy.network.NetworkFilterSpec} is opened once per
 * filter chain and worker into a {@link dev.attache.proxy.network.NetworkFilterFactory}, which
 * makes one {@link dev.attache.proxy.network.NetworkFilter} per connection. The last filter is
 * terminal: it takes the connection over.
 */
@NullMarked
package dev.attache.proxy.network;

import org.jspecify.annotations.NullMarked;
