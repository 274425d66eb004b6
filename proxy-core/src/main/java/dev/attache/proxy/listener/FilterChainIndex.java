package dev.attache.proxy.listener;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.listener.spec.FilterChainMatch;
import dev.attache.proxy.listener.spec.FilterChainMatch.SourceType;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.IpRangeTrie;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the filter chain of a connection, in Envoy's order: destination port, destination address,
 * server name, transport protocol, application protocol, direct source address, source type, source
 * address, source port. At each step the most specific entry is taken and the search <em>never
 * comes back</em> to a less specific one. Compiled once, immutable, any thread.
 *
 * <p>Longer than files here should be: nine steps, each an index of its own.
 */
public final class FilterChainIndex {

    /** What a non-IP address is matched as. */
    private static final IpAddress NOT_IP = IpAddress.parse("255.255.255.255", 0);

    private static final class SourcePorts {
        final Map<Integer, Integer> chains = new HashMap<>();
    }

    private static final class SourceTypes {
        final @Nullable PrefixTable<SourcePorts>[] byType = newTables();

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static @Nullable PrefixTable<SourcePorts>[] newTables() {
            return new PrefixTable[SourceType.values().length];
        }
    }

    private static final class Applications {
        final Map<String, PrefixTable<SourceTypes>> byProtocol = new HashMap<>();
    }

    private static final class Transports {
        final Map<String, Applications> byProtocol = new HashMap<>();
    }

    private static final class ServerNames {
        final Map<String, Transports> byName = new HashMap<>();
    }

    /** A chain matches what an earlier one, or another value of its own lists, matches. */
    public static final class OverlapException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final int chain;

        private OverlapException(String listener, int chain) {
            super(
                    "error adding listener '"
                            + listener
                            + "': multiple filter chains with overlapping matching rules are"
                            + " defined");
            this.chain = chain;
        }

        /** Position of the later of the two. */
        public int chain() {
            return chain;
        }
    }

    private final Map<Integer, PrefixTable<ServerNames>> byPort = new HashMap<>();
    private final String listener;

    /**
     * @param listener how messages name the listener: its name
     * @param matches position in the list is what {@link #find} answers
     * @throws OverlapException in Envoy's words when two chains overlap
     * @throws IllegalArgumentException when a server name is not allowed
     */
    public FilterChainIndex(String listener, List<FilterChainMatch> matches) {
        this.listener = listener;
        for (int i = 0; i < matches.size(); i++) {
            addPort(i, matches.get(i));
        }
    }

    private void addPort(int chain, FilterChainMatch match) {
        PrefixTable<ServerNames> table =
                byPort.computeIfAbsent(match.destinationPort(), k -> new PrefixTable<>());
        for (ServerNames names : table.all(match.prefixRanges(), ServerNames::new)) {
            addNames(chain, match, names);
        }
    }

    private void addNames(int chain, FilterChainMatch match, ServerNames level) {
        for (String name : orAny(match.serverNames())) {
            boolean wildcard = name.startsWith("*.");
            if (name.indexOf('*', wildcard ? 1 : 0) >= 0) {
                throw new IllegalArgumentException(
                        "error adding listener '"
                                + listener
                                + "': partial wildcards are not supported in \"server_names\"");
            }
            Transports transports =
                    level.byName.computeIfAbsent(
                            wildcard ? name.substring(1) : name, k -> new Transports());
            Applications applications =
                    transports.byProtocol.computeIfAbsent(
                            match.transportProtocol(), k -> new Applications());
            for (String protocol : orAny(match.applicationProtocols())) {
                PrefixTable<SourceTypes> sources =
                        applications.byProtocol.computeIfAbsent(protocol, k -> new PrefixTable<>());
                for (SourceTypes types :
                        sources.all(match.directSourcePrefixRanges(), SourceTypes::new)) {
                    addSources(chain, match, types);
                }
            }
        }
    }

    private void addSources(int chain, FilterChainMatch match, SourceTypes level) {
        int type = match.sourceType().ordinal();
        PrefixTable<SourcePorts> table = level.byType[type];
        if (table == null) {
            table = new PrefixTable<>();
            level.byType[type] = table;
        }
        List<Integer> ports = match.sourcePorts().isEmpty() ? List.of(0) : match.sourcePorts();
        for (SourcePorts leaf : table.all(match.sourcePrefixRanges(), SourcePorts::new)) {
            for (Integer port : ports) {
                if (leaf.chains.putIfAbsent(port, chain) != null) {
                    throw new OverlapException(listener, chain);
                }
            }
        }
    }

    private static List<String> orAny(List<String> values) {
        return values.isEmpty() ? List.of("") : values;
    }

    /** Position of the chain for {@code connection}, or -1: the default chain's turn. */
    public int find(ConnectionInfo connection) {
        IpAddress local = ip(connection.localAddress());
        PrefixTable<ServerNames> ports = byPort.get(local.port());
        if (ports == null) {
            ports = byPort.get(0);
        }
        ServerNames names = ports == null ? null : ports.find(local.ip());
        Transports transports = names == null ? null : serverName(names, connection);
        if (transports == null) {
            return -1;
        }
        String transport = connection.detectedTransportProtocol();
        Applications applications =
                transports.byProtocol.get(transport.isEmpty() ? "raw_buffer" : transport);
        if (applications == null) {
            applications = transports.byProtocol.get("");
        }
        PrefixTable<SourceTypes> sources =
                applications == null ? null : application(applications, connection);
        SourceTypes types =
                sources == null ? null : sources.find(ip(connection.directRemoteAddress()).ip());
        return types == null ? -1 : source(types, connection);
    }

    private static IpAddress ip(Address address) {
        return address instanceof IpAddress ip ? ip : NOT_IP;
    }

    private static @Nullable Transports serverName(ServerNames level, ConnectionInfo connection) {
        String name = connection.requestedServerName();
        if (name != null && !name.isEmpty()) {
            Transports found = level.byName.get(name);
            if (found != null) {
                return found;
            }
            int dot = name.indexOf('.', 1);
            while (dot > 0 && dot < name.length() - 1) {
                found = level.byName.get(name.substring(dot));
                if (found != null) {
                    return found;
                }
                dot = name.indexOf('.', dot + 1);
            }
        }
        return level.byName.get("");
    }

    private static @Nullable PrefixTable<SourceTypes> application(
            Applications level, ConnectionInfo connection) {
        List<String> offered = connection.requestedApplicationProtocols();
        for (int i = 0; i < offered.size(); i++) {
            PrefixTable<SourceTypes> found = level.byProtocol.get(offered.get(i));
            if (found != null) {
                return found;
            }
        }
        return level.byProtocol.get("");
    }

    private static int source(SourceTypes level, ConnectionInfo connection) {
        SourceType kind =
                connection.isLocal(connection.remoteAddress())
                        ? SourceType.SAME_IP_OR_LOOPBACK
                        : SourceType.EXTERNAL;
        PrefixTable<SourcePorts> table = level.byType[kind.ordinal()];
        if (table == null) {
            table = level.byType[SourceType.ANY.ordinal()];
        }
        IpAddress remote = ip(connection.remoteAddress());
        SourcePorts leaf = table == null ? null : table.find(remote.ip());
        if (leaf == null) {
            return -1;
        }
        Integer chain = leaf.chains.get(remote.port());
        if (chain == null) {
            chain = leaf.chains.get(0);
        }
        return chain == null ? -1 : chain;
    }

    /**
     * Values by address prefix; the longest prefix wins, however many there are. Filled before it
     * is read.
     */
    static final class PrefixTable<T> {

        private @Nullable IpRangeTrie<T> ranges;

        /** Stands for 0.0.0.0/0 and ::/0 of chains that name no prefix. */
        private @Nullable T any;

        /** The values at {@code wanted} (none = every address), made where missing. */
        List<T> all(List<CidrRange> wanted, Supplier<T> maker) {
            if (wanted.isEmpty()) {
                if (any == null) {
                    any = maker.get();
                }
                return List.of(any);
            }
            IpRangeTrie<T> known = ranges;
            if (known == null) {
                known = new IpRangeTrie<>();
                ranges = known;
            }
            List<T> values = new ArrayList<>(wanted.size());
            for (CidrRange range : wanted) {
                values.add(known.computeIfAbsent(range, maker));
            }
            return values;
        }

        @Nullable T find(InetAddress address) {
            IpRangeTrie.Node<T> found = ranges == null ? null : ranges.longest(address);
            return found == null ? any : found.value();
        }
    }
}
