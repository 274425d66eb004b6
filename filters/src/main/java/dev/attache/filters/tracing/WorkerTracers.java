package dev.attache.filters.tracing;

import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.http.TracingSpec.Opened;
import dev.attache.proxy.tracing.Tracer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The tracers of one configuration, one for each worker: all its listeners use the same, as in
 * Envoy, so that spans go in batches. Made and closed on their workers; the list is for any thread.
 */
public final class WorkerTracers {

    /** A tracer that can be closed: what it holds is sent, and what comes later goes at once. */
    public interface Closing extends Tracer {
        void close();
    }

    private static final class Used {
        final Closing tracer;
        int users;

        Used(Closing tracer) {
            this.tracer = tracer;
        }
    }

    private final Function<NetworkFilterContext, Closing> maker;
    private final Map<Integer, Used> byWorker = new HashMap<>();

    public WorkerTracers(Function<NetworkFilterContext, Closing> maker) {
        this.maker = maker;
    }

    /** The tracer of the chain's worker. */
    public synchronized Opened open(NetworkFilterContext context) {
        int worker = context.worker().index();
        Used used = byWorker.get(worker);
        if (used == null) {
            used = new Used(maker.apply(context));
            byWorker.put(worker, used);
        }
        used.users++;
        return new Opened(used.tracer, () -> release(worker));
    }

    private synchronized void release(int worker) {
        Used used = byWorker.get(worker);
        if (used != null && --used.users == 0) {
            byWorker.remove(worker);
            used.tracer.close();
        }
    }
}
