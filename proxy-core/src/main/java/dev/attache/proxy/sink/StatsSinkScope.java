package dev.attache.proxy.sink;

import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stats.tags.TagExtraction;
import dev.attache.proxy.worker.WorkerContext;
import java.util.List;

/**
 * What a sink finds around it.
 *
 * @param workers all of them
 * @param caller the worker that makes a sink's calls
 * @param calls of that worker, on whose loop they are to be made
 * @param tags how names are taken apart
 */
public record StatsSinkScope(
        StatsStore stats,
        List<WorkerContext> workers,
        WorkerContext caller,
        UpstreamCalls calls,
        TagExtraction tags,
        HistogramBuckets buckets) {}
