package dev.attache.iptables.ebpf.program;

import dev.attache.iptables.kernel.MapSpec;
import dev.attache.iptables.kernel.MapType;
import java.util.List;

/** The maps that the programs share. A map's name is also the name of its pin. */
public final class Maps {
    /** Socket to {@link Flow}: where a redirected socket really goes, or really came for. */
    public static final MapSpec FLOWS = new MapSpec("flows", MapType.SK_STORAGE, 4, Flow.BYTES, 0);

    /** {@link Tuple} of a client to {@link Flow}, from its first packet to the proxy's accept. */
    public static final MapSpec TUPLES =
            new MapSpec("tuples", MapType.LRU_HASH, Tuple.BYTES, Flow.BYTES, 16384);

    /** {@link Tuple} of a socket to the socket, for both ends of local connections. */
    public static final MapSpec PAIRS =
            new MapSpec("pairs", MapType.SOCKHASH, Tuple.BYTES, 4, 65536);

    /** Addresses of this host, by longest prefix. */
    public static final MapSpec LOCAL = new MapSpec("local", MapType.LPM_TRIE, 20, 4, 4096);

    /** Destinations to the interface and source address that lead there, by longest prefix. */
    public static final MapSpec ROUTES =
            new MapSpec("routes", MapType.LPM_TRIE, 20, Routes.VALUE_BYTES, 16384);

    /** The proxy's listening sockets on its inbound port. */
    public static final MapSpec LISTENERS = new MapSpec("listeners", MapType.SOCKMAP, 4, 8, 16);

    /**
     * User and process that asked for the original destination of a redirected connection, to when
     * they last did, in nanoseconds since the start.
     */
    public static final MapSpec PROXIES = new MapSpec("proxies", MapType.LRU_HASH, 8, 8, 1024);

    /** {@link Counter} to its value on each CPU. */
    public static final MapSpec COUNTERS =
            new MapSpec("counters", MapType.PERCPU_ARRAY, 4, 8, Counter.values().length);

    /** One entry: not 0 while local connections are being led back to TCP for good. */
    public static final MapSpec DRAIN = new MapSpec("drain", MapType.ARRAY, 4, 4, 1);

    /** One entry: by whom, when and with which flags all this was attached. */
    public static final MapSpec ABOUT = new MapSpec("about", MapType.ARRAY, 4, 8192, 1);

    private Maps() {}

    /** Returns all of them. */
    public static List<MapSpec> all() {
        return List.of(
                FLOWS, TUPLES, PAIRS, LOCAL, ROUTES, LISTENERS, PROXIES, COUNTERS, DRAIN, ABOUT);
    }
}
