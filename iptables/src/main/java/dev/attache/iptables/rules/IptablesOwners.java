package dev.attache.iptables.rules;

import dev.attache.iptables.capture.CaptureConfig;

/** Rules by the owner of a socket: the proxy's users and groups, then owner groups. Used once. */
final class IptablesOwners {
    private final CaptureConfig config;
    private final IptablesPair pair;

    IptablesOwners(CaptureConfig config, IptablesPair pair) {
        this.config = config;
        this.pair = pair;
    }

    void write() {
        String tunnel = config.ports().tunnel();
        String notTunnel = "-p tcp ! --dport " + tunnel;
        String notTunnelNorDns =
                config.dns().captured() ? "-p tcp -m multiport ! --dports 53," + tunnel : notTunnel;
        for (String uid : config.uids()) {
            owner("--uid-owner " + uid, notTunnelNorDns);
        }
        for (String gid : config.gids()) {
            // With DNS capture the user rule spares port 53 and this one does not: as the original.
            owner("--gid-owner " + gid, notTunnel);
        }
        groups();
    }

    /** From the proxy to itself: inbound. Not the proxy, over loopback: leave. The proxy: leave. */
    private void owner(String owner, String ports) {
        pair.appendLoopback(
                "nat",
                "ISTIO_OUTPUT",
                "-o lo ! -d ",
                " " + ports + " -m owner " + owner + " -j ISTIO_IN_REDIRECT");
        if (!config.outbound().included().namesLoopback()) {
            String dns = config.dns().captured() ? "-p tcp ! --dport 53 " : "";
            pair.append(
                    "nat", "ISTIO_OUTPUT", "-o lo " + dns + "-m owner ! " + owner + " -j RETURN");
        }
        pair.append("nat", "ISTIO_OUTPUT", "-m owner " + owner + " -j RETURN");
    }

    private void groups() {
        CaptureConfig.Outbound outbound = config.outbound();
        if (outbound.everyGroup()) {
            for (String group : outbound.excludedGroups()) {
                pair.append("nat", "ISTIO_OUTPUT", "-m owner --gid-owner " + group + " -j RETURN");
            }
            return;
        }
        StringBuilder noneOf = new StringBuilder();
        for (String group : outbound.groups()) {
            noneOf.append("-m owner ! --gid-owner ").append(group).append(' ');
        }
        pair.append("nat", "ISTIO_OUTPUT", noneOf + "-j RETURN");
    }
}
