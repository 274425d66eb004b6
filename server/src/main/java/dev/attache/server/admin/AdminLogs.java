package dev.attache.server.admin;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.accesslog.AccessLogSpec;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The access logs of the admin interface, which has no worker: those that need one are written by
 * the first of the engine's.
 */
final class AdminLogs {

    private AdminLogs() {}

    /** The logs as the admin thread writes to them. */
    static List<AccessLog> open(List<AccessLogSpec> logs, AccessLogScope scope) {
        List<AccessLog> opened = new ArrayList<>(logs.size());
        for (AccessLogSpec log : logs) {
            opened.add(log.isForAnyThread() ? log.open(scope) : new OnWorker(log, scope));
        }
        return opened;
    }

    /** Hands entries over; they change no more. Opened with the first. */
    private static final class OnWorker implements AccessLog {
        private final AccessLogSpec spec;
        private final AccessLogScope scope;

        /** Of the worker's loop. */
        private @Nullable AccessLog log;

        OnWorker(AccessLogSpec spec, AccessLogScope scope) {
            this.spec = spec;
            this.scope = scope;
        }

        @Override
        public void log(FormatContext entry) {
            try {
                scope.worker().eventLoop().execute(() -> opened().log(entry));
            } catch (RejectedExecutionException ended) {
                // The process is about to end, and takes the entry along.
                log = null;
            }
        }

        private AccessLog opened() {
            AccessLog known = log;
            if (known == null) {
                known = spec.open(scope);
                log = known;
            }
            return known;
        }
    }
}
