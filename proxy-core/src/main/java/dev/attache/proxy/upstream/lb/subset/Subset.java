package dev.attache.proxy.upstream.lb.subset;

import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.HostSet;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that have the same values. Immutable, shared by workers.
 *
 * @param index its place in its table
 * @param single {@code single_host_per_subset}: the one that is picked, whatever its health
 * @param hosts on the levels and in the localities of the whole set, of which some are empty
 */
record Subset(SubsetKey key, int index, @Nullable Host single, HostSet hosts) {}
