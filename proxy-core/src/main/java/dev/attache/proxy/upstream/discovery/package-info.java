/**
 * Who is in a cluster: one {@link dev.attache.proxy.upstream.discovery.Membership} for each way to
 * find hosts (listed, by name, by EDS), what it tells of them ({@link
 * dev.attache.proxy.upstream.discovery.DiscoveredCluster}), and names to addresses: the resolver
 * over Netty's DNS client, and the schedule of refreshes. All on the main thread's loop; no worker
 * ever waits for a name.
 */
@NullMarked
package dev.attache.proxy.upstream.discovery;

import org.jspecify.annotations.NullMarked;
