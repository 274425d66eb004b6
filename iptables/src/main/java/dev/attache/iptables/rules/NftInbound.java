package dev.attache.iptables.rules;

import static dev.attache.iptables.rules.NftSidecar.INBOUND;
import static dev.attache.iptables.rules.NftSidecar.MANGLE;
import static dev.attache.iptables.rules.NftSidecar.NAT;

import dev.attache.iptables.capture.CaptureConfig;

/** The inbound part of a sidecar's nftables rules, REDIRECT or TPROXY. Used once. */
final class NftInbound {
    private final CaptureConfig config;
    private final CaptureConfig.Inbound inbound;
    private final NftRules rules;

    NftInbound(CaptureConfig config, NftRules rules) {
        this.config = config;
        this.inbound = config.inbound();
        this.rules = rules;
    }

    void write() {
        if (!inbound.asked()) {
            return;
        }
        String table = inbound.tproxy() ? MANGLE : NAT;
        if (inbound.tproxy()) {
            tproxyChains();
        }
        for (String in : NftSidecar.inInterfaces(config)) {
            rules.append(table, "prerouting", in + "meta l4proto tcp counter jump istio-inbound");
        }
        for (String port : inbound.excludedPorts()) {
            rules.append(table, INBOUND, "meta l4proto tcp tcp dport " + port + " counter return");
        }
        if (inbound.everyPort()) {
            capture(table, "");
        }
        for (String port : inbound.ports()) {
            capture(table, "tcp dport " + port + " ");
        }
    }

    private void tproxyChains() {
        String to = " to :" + config.ports().inbound() + " meta mark set " + inbound.mark();
        rules.append(MANGLE, "istio-divert", "counter meta mark set " + inbound.mark());
        rules.append(MANGLE, "istio-divert", "counter accept");
        rules.append(
                MANGLE,
                "istio-tproxy",
                "meta l4proto tcp ip daddr != "
                        + config.outbound().loopbackRange()
                        + " tproxy ip"
                        + to
                        + " counter accept");
        rules.appendV6(
                MANGLE,
                "istio-tproxy",
                "meta l4proto tcp ip6 daddr != ::1/128 tproxy ip6" + to + " counter accept");
    }

    private void capture(String table, String port) {
        if (inbound.tproxy()) {
            rules.append(
                    table,
                    INBOUND,
                    "meta l4proto tcp ct state related,established "
                            + port
                            + "counter jump istio-divert");
            rules.append(table, INBOUND, "meta l4proto tcp " + port + "counter jump istio-tproxy");
        } else {
            rules.append(
                    table, INBOUND, "meta l4proto tcp " + port + "counter jump istio-in-redirect");
        }
    }

    /** See {@link IptablesInbound#writeTproxyMarks}. */
    void writeTproxyMarks() {
        String mark = inbound.mark();
        rules.append(
                MANGLE,
                "prerouting",
                "meta l4proto tcp mark " + mark + " counter ct mark set mark");
        rules.append(
                MANGLE, "output", "oifname lo meta l4proto tcp mark " + mark + " counter return");
        for (String uid : config.uids()) {
            markOwner("skuid " + uid);
        }
        for (String gid : config.gids()) {
            markOwner("skgid " + gid);
        }
        rules.append(
                MANGLE,
                "output",
                "meta l4proto tcp ct mark " + mark + " counter meta mark set ct mark");
        rules.insert(MANGLE, INBOUND, 0, "meta l4proto tcp mark " + mark + " counter return");
        rules.insert(
                MANGLE,
                INBOUND,
                1,
                "iifname lo meta l4proto tcp ip saddr 127.0.0.6/32 counter return");
        rules.insertV6(
                MANGLE, INBOUND, 1, "iifname lo meta l4proto tcp ip6 saddr ::6/128 counter return");
        rules.insert(
                MANGLE,
                INBOUND,
                2,
                "iifname lo meta l4proto tcp mark != "
                        + CaptureConfig.OUTBOUND_MARK
                        + " counter return");
    }

    private void markOwner(String owner) {
        String mark = owner + " counter meta mark set " + CaptureConfig.OUTBOUND_MARK;
        rules.append(
                MANGLE,
                "output",
                "oifname lo meta l4proto tcp ip daddr != "
                        + config.outbound().loopbackRange()
                        + " "
                        + mark);
        rules.appendV6(
                MANGLE, "output", "oifname lo meta l4proto tcp ip6 daddr != ::1/128 " + mark);
    }
}
