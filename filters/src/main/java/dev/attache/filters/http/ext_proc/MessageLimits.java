package dev.attache.filters.http.ext_proc;

import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.upstream.Cluster;

/** How many headers a message may have, and how long they may be. */
final class MessageLimits {

    /** What a message may have where nothing else is known. */
    private static final HeaderChanges.Limits USUAL = new HeaderChanges.Limits(100, 60 << 10);

    private MessageLimits() {}

    static HeaderChanges.Limits of(
            Direction direction, FilterContext context, HttpFilterScope scope) {
        ClusterSelection selection = direction == Direction.REQUEST ? null : context.cluster();
        Cluster from = selection == null ? null : scope.clusters().cluster(selection.cluster());
        if (from == null) {
            return USUAL;
        }
        Http2Options limits = from.spec().http().http2();
        return new HeaderChanges.Limits(
                limits.maxHeadersCount(), (long) limits.maxHeadersKb() << 10);
    }
}
