package dev.attache.agent.relay;

import dev.attache.agent.environment.Environment;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the relay works. Immutable.
 *
 * @param address of the control plane, for log lines
 * @param connectTimeout how long a stream may take to be connected, name and handshakes included
 * @param own takers of the agent's own types, in the order in which they are asked for
 */
public record RelaySettings(String address, Duration connectTimeout, Map<String, OwnResource> own) {

    public RelaySettings {
        own = Collections.unmodifiableMap(new LinkedHashMap<>(own));
    }

    /** How long Go's gRPC gives a connection, which Istio's agent has. */
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private static final int MAX_REQUEST_BYTES = 4 << 20;
    private static final int MAX_STREAMS = 100_000;

    /**
     * @param own takers by type; the table of names first, where it is there
     */
    public RelaySettings(String address, Map<String, OwnResource> own) {
        this(address, CONNECT_TIMEOUT, own);
    }

    /** The longest request that the socket's server should take. */
    public static int maxRequestBytes(Environment environment) {
        return environment.number("ISTIO_GPRC_MAXRECVMSGSIZE", MAX_REQUEST_BYTES);
    }

    /** How many streams one connection to the socket's server may have. */
    public static int maxStreams(Environment environment) {
        return environment.number("ISTIO_GPRC_MAXSTREAMS", MAX_STREAMS);
    }
}
