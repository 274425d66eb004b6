package dev.attache.proxy.accesslog;

import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.FaultListener;
import dev.attache.proxy.worker.Faults;
import java.util.ArrayList;
import java.util.List;

/** Writes one entry to all the logs that are to have it, whatever each of them does. */
public final class AccessLogs {

    private AccessLogs() {}

    /** Opens logs on a worker, in their order. */
    public static List<AccessLog> open(List<AccessLogSpec> logs, AccessLogScope scope) {
        if (logs.isEmpty()) {
            return List.of();
        }
        List<AccessLog> opened = new ArrayList<>(logs.size());
        for (AccessLogSpec log : logs) {
            opened.add(log.open(scope));
        }
        return opened;
    }

    /**
     * @param faults hears of logs that threw; they cost their own line and nothing else
     */
    public static void write(List<AccessLog> logs, FormatContext entry, FaultListener faults) {
        for (int i = 0; i < logs.size(); i++) {
            AccessLog log = logs.get(i);
            try {
                log.log(entry);
            } catch (Throwable e) {
                Faults.contain(e);
                faults.onFault(log.name(), "log", e);
            }
        }
    }
}
