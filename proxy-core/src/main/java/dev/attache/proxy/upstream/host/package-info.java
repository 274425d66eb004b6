/**
 * Where a cluster's traffic can go: endpoints as configuration tells them ({@link
 * dev.attache.proxy.upstream.host.LoadAssignment}), hosts as the process knows them ({@link
 * dev.attache.proxy.upstream.host.Host}), and the immutable arrangement of hosts that workers
 * balance over ({@link dev.attache.proxy.upstream.host.HostSet}).
 */
@NullMarked
package dev.attache.proxy.upstream.host;

import org.jspecify.annotations.NullMarked;
