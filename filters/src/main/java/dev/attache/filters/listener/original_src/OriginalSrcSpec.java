package dev.attache.filters.listener.original_src;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.listener.filter.ListenerFilter;
import dev.attache.proxy.listener.filter.ListenerFilterSpec;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.transport.UpstreamSource;
import dev.attache.proxy.worker.WorkerContext;

/**
 * The filter as configured. Immutable.
 *
 * @param mark of what goes upstream; 0 = none
 */
record OriginalSrcSpec(int mark) implements ListenerFilterSpec {

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        ListenerFilter filter = new Filter(mark);
        return () -> filter;
    }

    /** Without state of its own. */
    private record Filter(int mark) implements ListenerFilter {
        @Override
        public Status onAccept(Context context) {
            if (context.info().remoteAddress() instanceof IpAddress client) {
                context.info()
                        .filterState()
                        .set(UpstreamSource.KEY, new UpstreamSource(client, mark));
            }
            return Status.CONTINUE;
        }
    }
}
