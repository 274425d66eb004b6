package dev.attache.proxy.listener.filter;

import dev.attache.proxy.discovered.DiscoveredSpec;
import dev.attache.proxy.discovered.OpenDiscovered;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A listener filter whose configuration is discovered: what is known when a connection is accepted
 * looks at it. Immutable.
 */
public record DiscoveredListenerFilterSpec(DiscoveredSpec<ListenerFilterSpec> discovered)
        implements ListenerFilterSpec {

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        return new Discovered(discovered, worker, stats);
    }

    private static final class Discovered implements Factory {
        private final OpenDiscovered<ListenerFilterSpec, Factory> open;

        Discovered(
                DiscoveredSpec<ListenerFilterSpec> discovered,
                WorkerContext worker,
                StatsStore stats) {
            this.open =
                    discovered.open(
                            new OpenDiscovered.Opening<>() {
                                @Override
                                public Factory open(ListenerFilterSpec spec) {
                                    return spec.open(worker, stats);
                                }

                                @Override
                                public void close(Factory opened) {
                                    opened.close();
                                }
                            });
        }

        @Override
        public @Nullable ListenerFilter newFilter() {
            OpenDiscovered.Opened<ListenerFilterSpec, Factory> now = open.current();
            if (now == null) {
                return null;
            }
            ListenerFilter made = now.factory().newFilter();
            if (made == null) {
                return null;
            }
            now.used();
            return new Counted(made, now);
        }

        @Override
        public void close() {
            open.close();
        }
    }

    /** A filter of which is counted how long it looks. */
    private record Counted(
            ListenerFilter filter,
            OpenDiscovered.Opened<ListenerFilterSpec, ListenerFilterSpec.Factory> opened)
            implements ListenerFilter {

        @Override
        public Status onAccept(Context context) {
            return filter.onAccept(context);
        }

        @Override
        public Status onData(Context context, ByteBuf peeked, boolean end) {
            return filter.onData(context, peeked, end);
        }

        @Override
        public void onDone() {
            try {
                filter.onDone();
            } finally {
                opened.ended();
            }
        }
    }
}
