package dev.attache.iptables.rules;

import static dev.attache.iptables.rules.NftSidecar.INBOUND;
import static dev.attache.iptables.rules.NftSidecar.NAT;
import static dev.attache.iptables.rules.NftSidecar.OUTPUT;
import static dev.attache.iptables.rules.NftSidecar.RAW;

import dev.attache.iptables.capture.CaptureConfig;

/** DNS capture in nftables' words; see {@link IptablesDns}. Used once. */
final class NftDns {
    private static final String CHAIN = "istio-output-dns";

    private final CaptureConfig config;
    private final CaptureConfig.Dns dns;
    private final NftRules rules;

    NftDns(CaptureConfig config, NftRules rules) {
        this.config = config;
        this.dns = config.dns();
        this.rules = rules;
    }

    void write() {
        if (!dns.captured()) {
            return;
        }
        for (String out : NftSidecar.outInterfaces(config)) {
            rules.append(RAW, "output", out + "counter jump " + CHAIN);
        }
        rules.append(NAT, OUTPUT, "counter jump " + CHAIN);
        redirect("tcp", dns.everyServer() ? "meta l4proto tcp " : "");
        redirect("udp", "");
        for (String uid : config.uids()) {
            ownerZone("skuid " + uid);
        }
        for (String gid : config.gids()) {
            ownerZone("skgid " + gid);
        }
        serverZones();
    }

    private void redirect(String protocol, String prefix) {
        String match = protocol + " dport 53 counter redirect to :" + CaptureConfig.DNS_PORT;
        if (dns.everyServer()) {
            rules.append(NAT, CHAIN, prefix + match);
            return;
        }
        for (String server : dns.v4()) {
            rules.append(NAT, CHAIN, "ip daddr " + server + "/32 " + match);
        }
        for (String server : dns.v6()) {
            rules.appendV6(NAT, CHAIN, "ip6 daddr " + server + "/128 " + match);
        }
    }

    private void ownerZone(String owner) {
        rules.append(RAW, CHAIN, "udp dport 53 meta " + owner + " counter ct zone set 1");
        rules.append(
                RAW,
                CHAIN,
                "udp sport "
                        + CaptureConfig.DNS_PORT
                        + " meta "
                        + owner
                        + " counter ct zone set 2");
    }

    private void serverZones() {
        rules.append(RAW, "prerouting", "counter jump istio-inbound");
        if (dns.everyServer()) {
            rules.append(RAW, CHAIN, "udp dport 53 counter ct zone set 2");
            rules.append(RAW, INBOUND, "udp sport 53 counter ct zone set 1");
            return;
        }
        for (String server : dns.v4()) {
            rules.append(
                    RAW, CHAIN, "udp dport 53 ip daddr " + server + "/32 counter ct zone set 2");
            rules.append(
                    RAW, INBOUND, "udp sport 53 ip saddr " + server + "/32 counter ct zone set 1");
        }
        for (String server : dns.v6()) {
            rules.appendV6(
                    RAW, CHAIN, "udp dport 53 ip6 daddr " + server + "/128 counter ct zone set 2");
            rules.appendV6(
                    RAW,
                    INBOUND,
                    "udp sport 53 ip6 saddr " + server + "/128 counter ct zone set 1");
        }
    }
}
