package dev.attache.iptables.rules;

import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Cidr;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a sidecar's nftables rules in the order and spelling of istio-iptables with {@code
 * --native-nftables} (tools/istio-nftables/pkg/capture there). Used once, by one thread.
 */
public final class NftSidecar {
    static final String NAT = "istio-proxy-nat";
    static final String MANGLE = "istio-proxy-mangle";
    static final String RAW = "istio-proxy-raw";
    static final String OUTPUT = "istio-output";
    static final String INBOUND = "istio-inbound";

    private final CaptureConfig config;
    private final NftRules rules;

    private NftSidecar(CaptureConfig config) {
        this.config = config;
        this.rules = new NftRules(config.ipv6());
    }

    /** The rules of a configuration. */
    public static NftRules rules(CaptureConfig config) {
        NftSidecar sidecar = new NftSidecar(config);
        sidecar.interfaces();
        sidecar.dropInvalid();
        sidecar.redirectChains();
        new NftInbound(config, sidecar.rules).write();
        sidecar.outputJump();
        sidecar.outboundExceptions();
        new NftOwners(config, sidecar.rules).write();
        new NftDns(config, sidecar.rules).write();
        sidecar.loopbackAndExcluded();
        sidecar.included();
        if (config.inbound().tproxy()) {
            new NftInbound(config, sidecar.rules).writeTproxyMarks();
        }
        return sidecar.rules;
    }

    private void interfaces() {
        List<String> tables = config.inbound().tproxy() ? List.of(NAT, MANGLE) : List.of(NAT);
        for (String table : tables) {
            for (String name : config.interfaces().excluded()) {
                rules.append(table, "prerouting", "iifname " + name + " counter return");
                rules.append(table, "output", "oifname " + name + " counter return");
            }
        }
        for (String name : config.interfaces().virtual()) {
            rules.insert(NAT, "prerouting", 0, "iifname " + name + " counter return");
        }
    }

    private void dropInvalid() {
        if (config.dropInvalid()) {
            rules.append(
                    MANGLE,
                    "prerouting",
                    "meta l4proto tcp ct state invalid counter jump istio-drop");
            rules.append(MANGLE, "istio-drop", "counter drop");
        }
    }

    private void redirectChains() {
        CaptureConfig.Ports ports = config.ports();
        rules.append(
                NAT, INBOUND, "meta l4proto tcp tcp dport " + ports.tunnel() + " counter return");
        rules.append(
                NAT, "istio-redirect", "meta l4proto tcp counter redirect to :" + ports.outbound());
        rules.append(
                NAT,
                "istio-in-redirect",
                "meta l4proto tcp counter redirect to :" + ports.inbound());
    }

    private void outputJump() {
        for (String out : outInterfaces(config)) {
            rules.append(NAT, "output", out + "counter jump istio-output");
        }
    }

    /** As {@link IptablesSidecar#outInterfaces}, in nftables' words. */
    static List<String> outInterfaces(CaptureConfig config) {
        return prefixes(config, "oifname ", true);
    }

    /** As {@link IptablesSidecar#inInterfaces}, in nftables' words. */
    static List<String> inInterfaces(CaptureConfig config) {
        return prefixes(config, "iifname ", config.inbound().tproxy());
    }

    private static List<String> prefixes(CaptureConfig config, String match, boolean loopback) {
        List<String> included = config.interfaces().included();
        if (included.isEmpty()) {
            return List.of("");
        }
        List<String> prefixes = new ArrayList<>();
        for (String name : included) {
            prefixes.add(match + name + " ");
        }
        if (loopback && !included.contains("lo")) {
            prefixes.add(match + "lo ");
        }
        return prefixes;
    }

    private void outboundExceptions() {
        for (String port : config.outbound().excludedPorts()) {
            rules.append(NAT, OUTPUT, "tcp dport " + port + " counter return");
            rules.append(NAT, OUTPUT, "udp dport " + port + " counter return");
        }
        rules.append(NAT, OUTPUT, "oifname lo ip saddr 127.0.0.6/32 counter return");
        rules.appendV6(NAT, OUTPUT, "oifname lo ip6 saddr ::6/128 counter return");
    }

    private void loopbackAndExcluded() {
        rules.append(
                NAT, OUTPUT, "ip daddr " + config.outbound().loopbackRange() + " counter return");
        rules.appendV6(NAT, OUTPUT, "ip6 daddr ::1/128 counter return");
        for (Cidr range : config.outbound().excluded().v4()) {
            rules.append(NAT, OUTPUT, "ip daddr " + range + " counter return");
        }
        for (Cidr range : config.outbound().excluded().v6()) {
            rules.appendV6(NAT, OUTPUT, "ip6 daddr " + range + " counter return");
        }
    }

    private void included() {
        for (String port : config.outbound().includedPorts()) {
            rules.append(NAT, OUTPUT, "tcp dport " + port + " counter jump istio-redirect");
        }
        List<String> virtual = config.interfaces().virtual();
        if (config.outbound().included().all()) {
            rules.append(NAT, OUTPUT, "counter jump istio-redirect");
            for (String name : virtual) {
                rules.insert(
                        NAT, "prerouting", 0, "iifname " + name + " counter jump istio-redirect");
            }
        }
        for (Cidr range : config.outbound().included().v4()) {
            String match = "ip daddr " + range + " counter jump istio-redirect";
            for (String name : virtual) {
                rules.insert(NAT, "prerouting", 0, "iifname " + name + " " + match);
            }
            rules.append(NAT, OUTPUT, match);
        }
        for (Cidr range : config.outbound().included().v6()) {
            String match = "ip6 daddr " + range + " counter jump istio-redirect";
            for (String name : virtual) {
                rules.insertV6(NAT, "prerouting", 0, "iifname " + name + " " + match);
            }
            rules.appendV6(NAT, OUTPUT, match);
        }
    }
}
