package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a network namespace looked like when it was asked. Read from /proc, since the JDK's view of
 * IPv6 is that of the process's first thread, whichever namespace the asking thread is in.
 *
 * @param cookie the number by which programs know the namespace
 * @param addresses blocks to which a connection stays on this host, IPv4 before IPv6
 * @param interfaces index of each interface by name
 * @param routes of the main table, by destination
 */
record Host(
        long cookie,
        Set<Cidr> addresses,
        Map<String, Integer> interfaces,
        Map<Cidr, Route> routes) {
    private static final Path NET = Path.of("/proc/thread-self/net");
    private static final List<Cidr> ALWAYS_LOCAL =
            List.of(
                    Cidr.parse("127.0.0.0/8"),
                    Cidr.parse("::1"),
                    Cidr.parse("::6"),
                    Cidr.parse("0.0.0.0"),
                    Cidr.parse("::"));

    /** Looks at the namespace of {@code path}. */
    static Host of(Path path) throws IOException {
        return NetworkNamespace.in(path, Host::current);
    }

    private static Host current() throws IOException {
        Set<Cidr> addresses = new LinkedHashSet<>();
        addresses.addAll(ipv4(Files.readString(NET.resolve("fib_trie"))));
        if (Files.exists(NET.resolve("if_inet6"))) {
            addresses.addAll(ipv6(Files.readString(NET.resolve("if_inet6"))));
        }
        Map<String, Integer> interfaces = new LinkedHashMap<>();
        for (String name : names(Files.readString(NET.resolve("dev")))) {
            interfaces.put(name, NetworkNamespace.interfaceIndex(name));
        }
        return new Host(NetworkNamespace.cookie(), addresses, interfaces, currentRoutes());
    }

    private static Map<Cidr, Route> currentRoutes() throws IOException {
        Map<Cidr, Route> routes = Route.ipv4(Files.readString(NET.resolve("route")));
        if (Files.exists(NET.resolve("ipv6_route"))) {
            routes.putAll(Route.ipv6(Files.readString(NET.resolve("ipv6_route"))));
        }
        for (Map.Entry<Cidr, Route> route : routes.entrySet()) {
            route.setValue(route.getValue().withSource(route.getKey()));
        }
        return routes;
    }

    /** Returns the routes as entries of their map: key and value in hexadecimal. */
    Map<String, String> routeEntries() {
        Map<String, String> entries = new TreeMap<>();
        routes.forEach((block, route) -> {
            Integer index = interfaces.get(route.device());
            if (index != null) {
                entries.put(
                        HexFormat.of().formatHex(block.trieKey()),
                        HexFormat.of().formatHex(value(index, route.source())));
            }
        });
        return entries;
    }

    private static byte[] value(int index, @Nullable InetAddress source) {
        byte[] value = new byte[20];
        for (int at = 0; at < 4; at++) {
            value[at] = (byte) (index >>> 8 * at);
        }
        if (source != null) {
            System.arraycopy(Cidr.mapped(source), 0, value, 4, 16);
        }
        return value;
    }

    /** Returns the local addresses as entries of their map: key and value in hexadecimal. */
    Map<String, String> localEntries() {
        Map<String, String> entries = new TreeMap<>();
        for (Cidr block : local()) {
            entries.put(HexFormat.of().formatHex(block.trieKey()), "01000000");
        }
        return entries;
    }

    /** Reads the local routes of a fib_trie: an address, and below it what it is. */
    static Set<Cidr> ipv4(String trie) {
        Set<Cidr> found = new LinkedHashSet<>();
        String address = "";
        for (String line : trie.lines().map(String::strip).toList()) {
            if (line.startsWith("|--")) {
                address = line.substring(3).strip();
            } else if (line.endsWith(" host LOCAL")) {
                found.add(Cidr.parse(address + line.substring(0, line.indexOf(' '))));
            }
        }
        return found;
    }

    /** Reads an if_inet6: 32 hexadecimal digits of address lead each line. */
    static Set<Cidr> ipv6(String table) {
        Set<Cidr> found = new LinkedHashSet<>();
        for (String line : table.lines().toList()) {
            byte[] address = HexFormat.of().parseHex(line.substring(0, 32));
            found.add(Cidr.of(Cidr.unmapped(address)));
        }
        return found;
    }

    private static List<String> names(String devices) {
        return devices.lines().skip(2).map(line -> line.strip().split(":", 2)[0]).toList();
    }

    /** Returns what a connection to which stays on this host. */
    private Set<Cidr> local() {
        Set<Cidr> local = new LinkedHashSet<>(ALWAYS_LOCAL);
        local.addAll(addresses);
        return local;
    }

    /**
     * Tells whether IPv6 is intercepted, by the rule of istio-iptables: when the first address that
     * is neither loopback nor link-local is of IPv6, or any such address where both are wanted. The
     * kernel lists addresses of IPv4 first.
     */
    boolean ipv6(boolean dualStack) {
        List<Cidr> global = addresses.stream().filter(Cidr::isGlobal).toList();
        return dualStack
                ? global.stream().anyMatch(a -> !a.isIpv4())
                : !global.isEmpty() && !global.getFirst().isIpv4();
    }
}
