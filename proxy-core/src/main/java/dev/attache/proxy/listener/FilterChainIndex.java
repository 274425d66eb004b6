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
        return find(connection, null);
    }

    /**
     * The same.
     *
     * @param search is told each step, where somebody asks why; else null
     */
    int find(ConnectionInfo connection, @Nullable ChainSearch search) {
        IpAddress local = ip(connection.localAddress());
        PrefixTable<ServerNames> ports = port(local.port(), search);
        ServerNames names =
                ports == null
                        ? null
                        : ports.find(
                                local.ip(),
                                "prefix_ranges",
                                FilterChainMatch::prefixRanges,
                                search);
        Transports transports = names == null ? null : serverName(names, connection, search);
        Applications applications =
                transports == null ? null : transport(transports, connection, search);
        PrefixTable<SourceTypes> sources =
                applications == null ? null : application(applications, connection, search);
        SourceTypes types =
                sources == null
                        ? null
                        : sources.find(
                                ip(connection.directRemoteAddress()).ip(),
                                "direct_source_prefix_ranges",
                                FilterChainMatch::directSourcePrefixRanges,
                                search);
        return types == null ? -1 : source(types, connection, search);
    }

    private static IpAddress ip(Address address) {
        return address instanceof IpAddress ip ? ip : NOT_IP;
    }

    private @Nullable PrefixTable<ServerNames> port(int port, @Nullable ChainSearch search) {
        PrefixTable<ServerNames> exact = byPort.get(port);
        PrefixTable<ServerNames> found = exact != null ? exact : byPort.get(0);
        if (search != null) {
            int taken = exact != null ? port : 0;
            search.took(
                    "destination_port",
                    String.valueOf(port),
                    found == null ? null : exact != null ? String.valueOf(port) : "any",
                    match -> match.destinationPort() == taken);
        }
        return found;
    }

    private static String anyIfEmpty(String taken) {
        return taken.isEmpty() ? "any" : taken;
    }

    private static @Nullable Transports serverName(
            ServerNames level, ConnectionInfo connection, @Nullable ChainSearch search) {
        String name = connection.requestedServerName();
        String taken = name == null ? "" : serverName(level, name);
        Transports found = level.byName.get(taken);
        if (search != null) {
            search.took(
                    "server_names",
                    name == null ? "" : name,
                    found == null ? null : anyIfEmpty(taken),
                    match ->
                            orAny(match.serverNames()).stream()
                                    .anyMatch(each ->
                                            each.equals(taken) || each.equals("*" + taken)));
        }
        return found;
    }

    /** Under which name a server name stands: itself, the longest domain around it, or any. */
    private static String serverName(ServerNames level, String name) {
        if (level.byName.containsKey(name)) {
            return name;
        }
        int dot = name.indexOf('.', 1);
        while (dot > 0 && dot < name.length() - 1) {
            String domain = name.substring(dot);
            if (level.byName.containsKey(domain)) {
                return domain;
            }
            dot = name.indexOf('.', dot + 1);
        }
        return "";
    }

    private static @Nullable Applications transport(
            Transports level, ConnectionInfo connection, @Nullable ChainSearch search) {
        String detected = connection.detectedTransportProtocol();
        String asked = detected.isEmpty() ? "raw_buffer" : detected;
        String taken = level.byProtocol.containsKey(asked) ? asked : "";
        Applications found = level.byProtocol.get(taken);
        if (search != null) {
            search.took(
                    "transport_protocol",
                    asked,
                    found == null ? null : anyIfEmpty(taken),
                    match -> match.transportProtocol().equals(taken));
        }
        return found;
    }

    private static @Nullable PrefixTable<SourceTypes> application(
            Applications level, ConnectionInfo connection, @Nullable ChainSearch search) {
        List<String> offered = connection.requestedApplicationProtocols();
        String taken = "";
        for (int i = 0; taken.isEmpty() && i < offered.size(); i++) {
            taken = level.byProtocol.containsKey(offered.get(i)) ? offered.get(i) : "";
        }
        PrefixTable<SourceTypes> found = level.byProtocol.get(taken);
        if (search != null) {
            String protocol = taken;
            search.took(
                    "application_protocols",
                    String.join(",", offered),
                    found == null ? null : anyIfEmpty(taken),
                    match -> orAny(match.applicationProtocols()).contains(protocol));
        }
        return found;
    }

    private static int source(
            SourceTypes level, ConnectionInfo connection, @Nullable ChainSearch search) {
        SourceType kind =
                connection.isLocal(connection.remoteAddress())
                        ? SourceType.SAME_IP_OR_LOOPBACK
                        : SourceType.EXTERNAL;
        PrefixTable<SourcePorts> exact = level.byType[kind.ordinal()];
        PrefixTable<SourcePorts> table =
                exact != null ? exact : level.byType[SourceType.ANY.ordinal()];
        if (search != null) {
            SourceType taken = exact != null ? kind : SourceType.ANY;
            search.took(
                    "source_type",
                    kind.name(),
                    table == null ? null : taken.name(),
                    match -> match.sourceType() == taken);
        }
        IpAddress remote = ip(connection.remoteAddress());
        SourcePorts leaf =
                table == null
                        ? null
                        : table.find(
                                remote.ip(),
                                "source_prefix_ranges",
                                FilterChainMatch::sourcePrefixRanges,
                                search);
        return leaf == null ? -1 : sourcePort(leaf, remote.port(), search);
    }

    private static int sourcePort(SourcePorts leaf, int port, @Nullable ChainSearch search) {
        Integer exact = leaf.chains.get(port);
        Integer chain = exact != null ? exact : leaf.chains.get(0);
        if (search != null) {
            search.took(
                    "source_ports",
                    String.valueOf(port),
                    chain == null ? null : exact != null ? String.valueOf(port) : "any",
                    match ->
                            exact != null
                                    ? match.sourcePorts().contains(port)
                                    : match.sourcePorts().isEmpty());
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

        @Nullable T find(
                InetAddress address,
                String field,
                ChainSearch.Ranges ranges,
                @Nullable ChainSearch search) {
            IpRangeTrie.Node<T> found = this.ranges == null ? null : this.ranges.longest(address);
            if (search != null) {
                search.tookRange(field, address, found, any != null, ranges);
            }
            return found == null ? any : found.value();
        }
    }
}
