package dev.attache.server.admin.web;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.server.flags.ServerOptions.WebOptions;
import dev.attache.server.lifecycle.Lifecycle;
import java.util.List;
import java.util.function.Supplier;

/**
 * What the page is about.
 *
 * @param concurrency number of workers
 * @param clusters those that serve; asked on the main loop
 * @param settings what the operator allows the page
 */
public record WebSource(
        StatsStore stats,
        Lifecycle lifecycle,
        int concurrency,
        Supplier<List<SharedCluster>> clusters,
        WebOptions settings) {}
