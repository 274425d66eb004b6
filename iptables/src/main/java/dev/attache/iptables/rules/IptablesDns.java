package dev.attache.iptables.rules;

import dev.attache.iptables.capture.CaptureConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * DNS capture: port 53 goes to the agent, and two connection-tracking zones keep the application's
 * question apart from the agent's own, which may use the same ports and addresses. Used once.
 */
final class IptablesDns {
    private static final String CHAIN = "ISTIO_OUTPUT_DNS";

    private final CaptureConfig config;
    private final IptablesPair pair;

    IptablesDns(CaptureConfig config, IptablesPair pair) {
        this.config = config;
        this.pair = pair;
    }

    void write() {
        if (!config.dns().captured()) {
            return;
        }
        for (String out : IptablesSidecar.outInterfaces(config)) {
            pair.append("raw", "OUTPUT", out + "-j " + CHAIN);
        }
        redirect(pair.v4(), servers(config.dns().v4(), "/32"));
        redirect(pair.v6(), servers(config.dns().v6(), "/128"));
        ownerZones();
        serverZones(pair.v4(), servers(config.dns().v4(), "/32"));
        serverZones(pair.v6(), servers(config.dns().v6(), "/128"));
    }

    /** Addresses with prefix length; one empty text when every server is meant. */
    private List<String> servers(List<String> addresses, String suffix) {
        if (config.dns().everyServer()) {
            return List.of("");
        }
        List<String> ranges = new ArrayList<>();
        for (String address : addresses) {
            ranges.add(address + suffix);
        }
        return ranges;
    }

    private static String match(String flag, String server) {
        return server.isEmpty() ? "" : flag + server + " ";
    }

    private static void redirect(IptablesRules rules, List<String> servers) {
        if (servers.isEmpty()) {
            return;
        }
        rules.append("nat", "ISTIO_OUTPUT", "-j " + CHAIN);
        for (String server : servers) {
            rules.append(
                    "nat",
                    CHAIN,
                    "-p tcp --dport 53 "
                            + match("-d ", server)
                            + "-j REDIRECT --to-ports "
                            + CaptureConfig.DNS_PORT);
        }
        for (String server : servers) {
            rules.append(
                    "nat",
                    CHAIN,
                    "-p udp --dport 53 "
                            + match("-d ", server)
                            + "-j REDIRECT --to-port "
                            + CaptureConfig.DNS_PORT);
        }
    }

    private void ownerZones() {
        for (String uid : config.uids()) {
            ownerZone("--uid-owner " + uid);
        }
        for (String gid : config.gids()) {
            ownerZone("--gid-owner " + gid);
        }
    }

    private void ownerZone(String owner) {
        pair.append("raw", CHAIN, "-p udp --dport 53 -m owner " + owner + " -j CT --zone 1");
        pair.append(
                "raw",
                CHAIN,
                "-p udp --sport "
                        + CaptureConfig.DNS_PORT
                        + " -m owner "
                        + owner
                        + " -j CT --zone 2");
    }

    private static void serverZones(IptablesRules rules, List<String> servers) {
        if (servers.isEmpty()) {
            return;
        }
        rules.append("raw", "PREROUTING", "-j ISTIO_INBOUND");
        for (String server : servers) {
            rules.append(
                    "raw", CHAIN, "-p udp --dport 53 " + match("-d ", server) + "-j CT --zone 2");
            rules.append(
                    "raw",
                    "ISTIO_INBOUND",
                    "-p udp --sport 53 " + match("-s ", server) + "-j CT --zone 1");
        }
    }
}
