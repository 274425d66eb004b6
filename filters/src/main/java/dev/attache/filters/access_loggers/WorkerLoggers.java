package dev.attache.filters.access_loggers;

import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.worker.WorkerContext;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loggers of one configuration, one for each worker, as all logs with that configuration share
 * them. Closed with the last of those. Any thread.
 *
 * @param <L> what sends the entries of one worker
 */
public abstract class WorkerLoggers<L> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("misc");

    private final Map<WorkerContext, L> loggers = new HashMap<>();

    /** Makes the logger of a worker, on its loop. */
    protected abstract L open(AccessLogScope scope);

    /** Sends what waits, and lets go of the rest; on its loop. */
    protected abstract void close(L logger);

    /** The logger of a worker, on whose loop this is called. */
    public final synchronized L of(AccessLogScope scope) {
        L known = loggers.get(scope.worker());
        if (known == null) {
            known = open(scope);
            loggers.put(scope.worker(), known);
        }
        return known;
    }

    @Override
    public final synchronized void close() {
        for (Map.Entry<WorkerContext, L> each : loggers.entrySet()) {
            try {
                each.getKey().eventLoop().execute(() -> close(each.getValue()));
            } catch (RejectedExecutionException ended) {
                LOG.debug("worker {} has ended before its logs", each.getKey().index());
            }
        }
        loggers.clear();
    }
}
