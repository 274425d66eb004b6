package dev.attache.iptables.rules;

import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Cidr;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a sidecar's iptables rules for both families, in the order and spelling of istio-iptables
 * (tools/istio-iptables/pkg/capture there): interfaces, invalid packets, inbound, outbound, DNS,
 * TPROXY. Used once, by one thread.
 */
public final class IptablesSidecar {
    private final CaptureConfig config;
    private final IptablesPair pair;

    private IptablesSidecar(CaptureConfig config) {
        this.config = config;
        this.pair = new IptablesPair(config.ipv6(), config.outbound().loopbackRange());
    }

    /** The rules of both families; the IPv6 side is empty when IPv6 is off. */
    public static IptablesPair rules(CaptureConfig config) {
        IptablesSidecar sidecar = new IptablesSidecar(config);
        sidecar.interfaces();
        sidecar.dropInvalid();
        sidecar.redirectChains();
        new IptablesInbound(config, sidecar.pair).write();
        sidecar.outputJump();
        sidecar.outboundExceptions();
        new IptablesOwners(config, sidecar.pair).write();
        new IptablesDns(config, sidecar.pair).write();
        sidecar.loopbackAndExcluded();
        sidecar.included();
        if (config.inbound().tproxy()) {
            new IptablesInbound(config, sidecar.pair).writeTproxyMarks();
        }
        return sidecar.pair;
    }

    private void interfaces() {
        List<String> tables = config.inbound().tproxy() ? List.of("nat", "mangle") : List.of("nat");
        for (String table : tables) {
            for (String name : config.interfaces().excluded()) {
                pair.append(table, "PREROUTING", "-i " + name + " -j RETURN");
                pair.append(table, "OUTPUT", "-o " + name + " -j RETURN");
            }
        }
        for (String name : config.interfaces().virtual()) {
            pair.insert("nat", "PREROUTING", 1, "-i " + name + " -j RETURN");
        }
    }

    private void dropInvalid() {
        if (config.dropInvalid()) {
            pair.append("mangle", "PREROUTING", "-m conntrack --ctstate INVALID -j ISTIO_DROP");
            pair.append("mangle", "ISTIO_DROP", "-j DROP");
        }
    }

    private void redirectChains() {
        CaptureConfig.Ports ports = config.ports();
        pair.append("nat", "ISTIO_INBOUND", "-p tcp --dport " + ports.tunnel() + " -j RETURN");
        pair.append("nat", "ISTIO_REDIRECT", "-p tcp -j REDIRECT --to-ports " + ports.outbound());
        pair.append("nat", "ISTIO_IN_REDIRECT", "-p tcp -j REDIRECT --to-ports " + ports.inbound());
    }

    private void outputJump() {
        for (String out : outInterfaces(config)) {
            pair.append("nat", "OUTPUT", out + "-j ISTIO_OUTPUT");
        }
    }

    /**
     * Prefixes for a jump from OUTPUT: none in general; with --include-interfaces one per interface
     * and the loopback, over which the host talks to its own addresses.
     */
    static List<String> outInterfaces(CaptureConfig config) {
        return prefixes(config, "-o ", true);
    }

    /** The same for PREROUTING; TPROXY needs the loopback there as well. */
    static List<String> inInterfaces(CaptureConfig config) {
        return prefixes(config, "-i ", config.inbound().tproxy());
    }

    private static List<String> prefixes(CaptureConfig config, String flag, boolean loopback) {
        List<String> included = config.interfaces().included();
        if (included.isEmpty()) {
            return List.of("");
        }
        List<String> prefixes = new ArrayList<>();
        for (String name : included) {
            prefixes.add(flag + name + " ");
        }
        if (loopback && !included.contains("lo")) {
            prefixes.add(flag + "lo ");
        }
        return prefixes;
    }

    private void outboundExceptions() {
        for (String port : config.outbound().excludedPorts()) {
            pair.append("nat", "ISTIO_OUTPUT", "-p tcp --dport " + port + " -j RETURN");
            pair.append("nat", "ISTIO_OUTPUT", "-p udp --dport " + port + " -j RETURN");
        }
        pair.v4().append("nat", "ISTIO_OUTPUT", "-o lo -s 127.0.0.6/32 -j RETURN");
        pair.v6().append("nat", "ISTIO_OUTPUT", "-o lo -s ::6/128 -j RETURN");
    }

    private void loopbackAndExcluded() {
        pair.appendLoopback("nat", "ISTIO_OUTPUT", "-d ", " -j RETURN");
        for (Cidr range : config.outbound().excluded().v4()) {
            pair.v4().append("nat", "ISTIO_OUTPUT", "-d " + range + " -j RETURN");
        }
        for (Cidr range : config.outbound().excluded().v6()) {
            pair.v6().append("nat", "ISTIO_OUTPUT", "-d " + range + " -j RETURN");
        }
    }

    private void included() {
        for (String port : config.outbound().includedPorts()) {
            pair.append("nat", "ISTIO_OUTPUT", "-p tcp --dport " + port + " -j ISTIO_REDIRECT");
        }
        boolean all = config.outbound().included().all();
        included(pair.v4(), all, config.outbound().included().v4());
        included(pair.v6(), all, config.outbound().included().v6());
    }

    private void included(IptablesRules rules, boolean all, List<Cidr> ranges) {
        if (all) {
            rules.append("nat", "ISTIO_OUTPUT", "-j ISTIO_REDIRECT");
            for (String name : config.interfaces().virtual()) {
                rules.insert("nat", "PREROUTING", 1, "-i " + name + " -j ISTIO_REDIRECT");
            }
        }
        for (Cidr range : ranges) {
            for (String name : config.interfaces().virtual()) {
                rules.insert(
                        "nat",
                        "PREROUTING",
                        1,
                        "-i " + name + " -d " + range + " -j ISTIO_REDIRECT");
            }
            rules.append("nat", "ISTIO_OUTPUT", "-d " + range + " -j ISTIO_REDIRECT");
        }
    }
}
