package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import org.jspecify.annotations.Nullable;

/** Whom filters have said that a request or connection is to go to, and to which port. Pure. */
public final class DynamicNames {

    private static final String HOST = "envoy.upstream.dynamic_host";
    private static final String PORT = "envoy.upstream.dynamic_port";
    private static final int MAX_PORT = 65_535;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private DynamicNames() {}

    /** The host that filters have named, or null. */
    public static @Nullable String host(FilterState state) {
        return state.get(HOST) instanceof FilterState.Text(String name) ? name : null;
    }

    /** The port that filters have named, or {@code otherwise}. */
    public static int port(FilterState state, int otherwise) {
        return state.get(PORT) instanceof StateValue.Number(long port)
                        && port > 0
                        && port <= MAX_PORT
                ? (int) port
                : otherwise;
    }

    /** Says that {@code port} is meant. */
    public static void port(int port, FilterState state) {
        state.set(PORT, new StateValue.Number(port));
    }

    /** The port of a name without one, in a cluster. */
    public static int defaultPort(ClusterSpec cluster) {
        return cluster.transports().fallback().secure() ? HTTPS : HTTP;
    }
}
