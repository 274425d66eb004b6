package dev.attache.agent.dataplane;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * How many are connected to the proxy from outside: its listeners' {@code downstream_cx_active},
 * without those of the mesh itself. Immutable; any thread.
 */
public final class ActiveConnections {

    private static final String STATISTIC = "downstream_cx_active";
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final DataPlane proxy;
    private final Set<String> ours = new HashSet<>();

    /**
     * @param ports of listeners that are the mesh's own; 0 is none
     */
    public ActiveConnections(DataPlane proxy, int... ports) {
        this.proxy = proxy;
        ours.add("listener.admin." + STATISTIC);
        ours.add("listener.admin.main_thread." + STATISTIC);
        for (int port : ports) {
            if (port != 0) {
                ours.add("listener.0.0.0.0_" + port + "." + STATISTIC);
                // Istio's agent does not know these, and waits for probes that keep their
                // connection.
                ours.add("listener.[__]_" + port + "." + STATISTIC);
            }
        }
    }

    /**
     * The number; -1 where the proxy has no such statistic.
     *
     * @throws IOException when the proxy does not answer
     */
    int count() throws IOException {
        String text = proxy.adminGet("/stats?usedonly&filter=" + STATISTIC + "$", LIMIT);
        if (text.isEmpty()) {
            return -1;
        }
        return (int) text.lines().mapToLong(this::of).sum();
    }

    private long of(String line) {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon);
        boolean counts =
                name.startsWith("listener.")
                        && !name.contains("worker_")
                        && !name.startsWith("listener.envoy_internal_")
                        && !ours.contains(name);
        return counts ? Long.parseLong(line.substring(colon + 1).strip()) : 0;
    }
}
