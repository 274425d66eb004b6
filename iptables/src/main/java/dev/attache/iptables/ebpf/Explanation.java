package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.KernelException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Says what the attached programs would do, in the order in which they ask, from the flags that are
 * compiled into them and from what their maps hold now. Used once, by one thread.
 */
final class Explanation {
    private static final int DNS_PORT = 53;
    private static final String STRAIGHT = "not captured: it goes straight to $DST";
    private static final String DIRECT = "not captured: the application at $DST gets it directly";

    private final Policy policy;
    private final PinnedMaps maps;
    private final Host host;
    private final Traveller traveller;
    private final String program;
    private final List<String> notes = new ArrayList<>();

    Explanation(Policy policy, PinnedMaps maps, Host host, Traveller traveller) {
        this.policy = policy;
        this.maps = maps;
        this.host = host;
        this.traveller = traveller;
        String hook = !traveller.fromHere() ? "sk_lookup" : traveller.udp() ? "sendmsg" : "connect";
        String family = traveller.ipv6() ? "6" : "4";
        this.program = traveller.fromHere() ? hook + family : hook;
    }

    /** Returns the questions with their answers, one per line. */
    List<String> notes() {
        return notes;
    }

    /** Returns what becomes of it; {@code $DST} stands for the destination. */
    String verdict() throws KernelException {
        if (ask("IPv6, of which the flags intercept none", traveller.ipv6() && !policy.ipv6())) {
            return traveller.fromHere() ? STRAIGHT : DIRECT;
        }
        return traveller.fromHere() ? outgoing() : incoming();
    }

    private String outgoing() throws KernelException {
        String passed = isLocal(traveller.destination()) ? DIRECT : STRAIGHT;
        if (leavesByAnotherInterface() || port("excluded", policy.outbound().excludedPorts())) {
            return passed;
        }
        if (isProxy()) {
            return ofTheProxy(passed);
        }
        if (traveller.udp()) {
            return groups() || !query() ? passed : dns();
        }
        return ofTheApplication(passed);
    }

    private String ofTheApplication(String passed) throws KernelException {
        Policy.Outbound rules = policy.outbound();
        boolean loopback = rules.blocks().stream().anyMatch(Cidr::isLoopback);
        boolean asked = policy.dns().enabled() && traveller.port() == DNS_PORT;
        if (!loopback && !asked) {
            boolean local = isLocal(traveller.destination());
            if (ask("to an address of this host (map local)", local)) {
                return passed;
            }
        }
        if (groups()) {
            return passed;
        }
        if (query()) {
            return dns();
        }
        if (ask("to the loopback address", isLoopback())
                || block("excluded", rules.excludedBlocks())) {
            return passed;
        }
        if (port("included", rules.ports())
                || ask("every destination is included", rules.all())
                || block("included", rules.blocks())) {
            return captured(policy.proxy().outboundPort());
        }
        return passed;
    }

    private String ofTheProxy(String passed) throws KernelException {
        if (traveller.udp() || !ask("to an address of this host (map local)", local())) {
            return passed;
        }
        Policy.Proxy proxy = policy.proxy();
        if (port("the proxy's own", List.of(proxy.outboundPort(), proxy.inboundPort()))) {
            return "refused with EPERM: it would come back to the proxy";
        }
        boolean asked = policy.dns().enabled() && traveller.port() == DNS_PORT;
        if (ask("to the loopback address", isLoopback())
                || port("of tunnels", List.of(proxy.tunnelPort()))
                || asked
                || ask("bound to 127.0.0.6 or ::6", isInboundSource())) {
            return passed;
        }
        return captured(proxy.inboundPort());
    }

    private String incoming() throws KernelException {
        if (ask("no TCP", traveller.udp()) || arrivesByAnotherInterface()) {
            return DIRECT;
        }
        Policy.Inbound rules = policy.inbound();
        if (port("of tunnels", List.of(policy.proxy().tunnelPort()))
                || (rules.all() && port("excluded", rules.excludedPorts()))
                || (!rules.all() && !port("included", rules.ports()))) {
            return DIRECT;
        }
        InetAddress source = traveller.source();
        if (source != null && ask("from an address of this host (map local)", isLocal(source))) {
            return DIRECT;
        }
        BpfMap listeners = maps.find(Maps.LISTENERS);
        int count = listeners == null ? 0 : listeners.keys().size();
        if (!ask("the proxy listens (map listeners)", count > 0)) {
            return "refused: the proxy does not listen";
        }
        return "captured: the proxy's listener at port "
                + policy.proxy().inboundPort()
                + " gets it with both addresses unchanged";
    }

    private String captured(int port) {
        return "captured: goes to local port " + port + "; SO_ORIGINAL_DST there says $DST";
    }

    private String dns() {
        return captured(policy.dns().port());
    }

    /** Notes a question and its answer, and returns the answer. */
    private boolean ask(String question, boolean answer) {
        notes.add("  " + program + ": " + question + "   -- " + (answer ? "YES" : "no"));
        return answer;
    }

    private boolean port(String what, List<Integer> ports) {
        return !ports.isEmpty() && ask(what + " ports " + ports, ports.contains(traveller.port()));
    }

    private boolean block(String what, List<Cidr> blocks) {
        return !blocks.isEmpty()
                && ask(
                        what + " blocks " + blocks,
                        blocks.stream().anyMatch(block -> block.contains(traveller.destination())));
    }

    private boolean isProxy() {
        Policy.Proxy proxy = policy.proxy();
        boolean byCgroup = traveller.proxy() && proxy.cgroup() != null;
        return ask("opened by a user of " + proxy.uids(), has(proxy.uids(), traveller.uid()))
                || ask("opened by a group of " + proxy.gids(), has(proxy.gids(), traveller.gid()))
                || (proxy.cgroup() != null && ask("from the proxy's cgroup", byCgroup));
    }

    private static boolean has(List<Integer> ids, long id) {
        return ids.stream().anyMatch(each -> each == id);
    }

    /** Whether the sender's group takes it out of interception. */
    private boolean groups() {
        List<Integer> only = policy.outbound().groups();
        if (only != null && !ask("opened by a group of " + only, has(only, traveller.gid()))) {
            return true;
        }
        List<Integer> excluded = policy.outbound().excludedGroups();
        return !excluded.isEmpty()
                && ask(
                        "opened by an excluded group of " + excluded,
                        has(excluded, traveller.gid()));
    }

    private boolean query() {
        Policy.Dns dns = policy.dns();
        if (!dns.enabled() || !ask("to port 53", traveller.port() == DNS_PORT)) {
            return false;
        }
        return dns.all() || block("name servers'", dns.servers());
    }

    private boolean leavesByAnotherInterface() throws KernelException {
        return notCaptured("leaves by", interfaceTo(traveller.destination()));
    }

    private boolean arrivesByAnotherInterface() throws KernelException {
        InetAddress source = traveller.source();
        return source != null && notCaptured("arrives by", interfaceTo(source));
    }

    private boolean notCaptured(String how, int index) {
        Policy.Interfaces rules = policy.interfaces();
        if (rules.excluded().isEmpty() && rules.included().isEmpty()) {
            return false;
        }
        if (index == 0) {
            return ask(how + " an interface that no route names", false);
        }
        if (ask(how + " one of " + names(rules.excluded()), rules.excluded().contains(index))) {
            return true;
        }
        return !rules.included().isEmpty()
                && !ask(
                        how + " one of " + names(rules.included()),
                        rules.included().contains(index));
    }

    private List<String> names(List<Integer> indexes) {
        return host.interfaces().entrySet().stream()
                .filter(each -> indexes.contains(each.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The interface that the map of routes has, 0 for none. */
    private int interfaceTo(InetAddress address) throws KernelException {
        BpfMap routes = maps.find(Maps.ROUTES);
        byte[] route = routes == null ? null : routes.get(Cidr.of(address).trieKey());
        return route == null
                ? 0
                : (route[0] & 0xff) | (route[1] & 0xff) << 8 | (route[2] & 0xff) << 16;
    }

    private boolean local() throws KernelException {
        return isLocal(traveller.destination());
    }

    private boolean isLocal(InetAddress address) throws KernelException {
        BpfMap local = maps.find(Maps.LOCAL);
        return local != null && local.get(Cidr.of(address).trieKey()) != null;
    }

    private boolean isLoopback() {
        String address = traveller.destination().getHostAddress();
        return address.equals("127.0.0.1") || address.equals("0:0:0:0:0:0:0:1");
    }

    private boolean isInboundSource() {
        InetAddress source = traveller.source();
        return source != null
                && (source.getHostAddress().equals("127.0.0.6")
                        || source.getHostAddress().equals("0:0:0:0:0:0:0:6"));
    }
}
