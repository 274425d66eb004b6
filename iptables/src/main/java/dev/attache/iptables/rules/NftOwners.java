package dev.attache.iptables.rules;

import static dev.attache.iptables.rules.NftSidecar.NAT;
import static dev.attache.iptables.rules.NftSidecar.OUTPUT;

import dev.attache.iptables.capture.CaptureConfig;

/** nftables rules by the owner of a socket; see {@link IptablesOwners}. Used once. */
final class NftOwners {
    private final CaptureConfig config;
    private final NftRules rules;

    NftOwners(CaptureConfig config, NftRules rules) {
        this.config = config;
        this.rules = rules;
    }

    void write() {
        String tunnel = "tcp dport != " + config.ports().tunnel();
        String tunnelAndDns =
                config.dns().captured()
                        ? "tcp dport != { 53, " + config.ports().tunnel() + " }"
                        : tunnel;
        for (String uid : config.uids()) {
            owner("skuid", uid, tunnelAndDns);
        }
        for (String gid : config.gids()) {
            owner("skgid", gid, tunnel);
        }
        groups();
    }

    private void owner(String key, String id, String ports) {
        String own = ports + " " + key + " " + id + " counter jump istio-in-redirect";
        rules.append(
                NAT,
                OUTPUT,
                "oifname lo meta l4proto tcp ip daddr != "
                        + config.outbound().loopbackRange()
                        + " "
                        + own);
        rules.appendV6(NAT, OUTPUT, "oifname lo meta l4proto tcp ip6 daddr != ::1/128 " + own);
        if (!config.outbound().included().namesLoopback()) {
            String dns = config.dns().captured() ? "meta l4proto tcp tcp dport != 53 " : "";
            rules.append(NAT, OUTPUT, "oifname lo " + dns + key + " != " + id + " counter return");
        }
        rules.append(NAT, OUTPUT, key + " " + id + " counter return");
    }

    private void groups() {
        CaptureConfig.Outbound outbound = config.outbound();
        if (outbound.everyGroup()) {
            for (String group : outbound.excludedGroups()) {
                rules.append(NAT, OUTPUT, "skgid " + group + " counter return");
            }
            return;
        }
        StringBuilder noneOf = new StringBuilder();
        for (String group : outbound.groups()) {
            noneOf.append("skgid != ").append(group).append(' ');
        }
        rules.append(NAT, OUTPUT, noneOf + "counter return");
    }
}
