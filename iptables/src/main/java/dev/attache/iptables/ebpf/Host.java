package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a network namespace looked like when it was asked.
 *
 * @param cookie the number by which programs know it
 * @param addresses its own addresses, in the order of its interfaces
 * @param interfaces index of each interface by name
 */
record Host(long cookie, List<InetAddress> addresses, Map<String, Integer> interfaces) {
    private static final List<Cidr> ALWAYS_LOCAL =
            List.of(
                    Cidr.parse("127.0.0.0/8"),
                    Cidr.parse("::1"),
                    Cidr.parse("0.0.0.0"),
                    Cidr.parse("::"));

    /** Looks at the namespace of {@code path}. */
    static Host of(Path path) throws IOException {
        return NetworkNamespace.in(path, Host::current);
    }

    private static Host current() throws IOException {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        Map<String, Integer> interfaces = new LinkedHashMap<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            interfaces.put(each.getName(), each.getIndex());
            each.inetAddresses().map(Host::withoutScope).forEach(addresses::add);
        }
        return new Host(NetworkNamespace.cookie(), List.copyOf(addresses), interfaces);
    }

    private static InetAddress withoutScope(InetAddress address) {
        return Cidr.unmapped(Cidr.mapped(address));
    }

    /** Returns what a connection to which stays on this host. */
    Set<Cidr> local() {
        Set<Cidr> local = new LinkedHashSet<>(ALWAYS_LOCAL);
        addresses.stream().map(Cidr::of).forEach(local::add);
        return local;
    }

    /**
     * Tells whether IPv6 is intercepted, by the rule of istio-iptables: when the first address that
     * is neither loopback nor link-local is of IPv6, or any such address where both are wanted.
     */
    boolean ipv6(boolean dualStack) {
        List<InetAddress> global =
                addresses.stream()
                        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .toList();
        return dualStack
                ? global.stream().anyMatch(a -> a.getAddress().length == 16)
                : !global.isEmpty() && global.getFirst().getAddress().length == 16;
    }
}
