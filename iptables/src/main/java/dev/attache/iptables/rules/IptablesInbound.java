package dev.attache.iptables.rules;

import dev.attache.iptables.capture.CaptureConfig;

/** The inbound part of a sidecar's iptables rules, REDIRECT or TPROXY. Used once. */
final class IptablesInbound {
    private static final String ESTABLISHED = " -m conntrack --ctstate RELATED,ESTABLISHED";

    private final CaptureConfig config;
    private final CaptureConfig.Inbound inbound;
    private final IptablesPair pair;

    IptablesInbound(CaptureConfig config, IptablesPair pair) {
        this.config = config;
        this.inbound = config.inbound();
        this.pair = pair;
    }

    void write() {
        if (!inbound.asked()) {
            return;
        }
        String table = inbound.tproxy() ? "mangle" : "nat";
        if (inbound.tproxy()) {
            pair.append("mangle", "ISTIO_DIVERT", "-j MARK --set-mark " + inbound.mark());
            pair.append("mangle", "ISTIO_DIVERT", "-j ACCEPT");
            pair.appendLoopback(
                    "mangle",
                    "ISTIO_TPROXY",
                    "! -d ",
                    " -p tcp -j TPROXY --tproxy-mark "
                            + inbound.mark()
                            + "/0xffffffff --on-port "
                            + config.ports().inbound());
        }
        for (String in : IptablesSidecar.inInterfaces(config)) {
            pair.append(table, "PREROUTING", in + "-p tcp -j ISTIO_INBOUND");
        }
        for (String port : inbound.excludedPorts()) {
            pair.append(table, "ISTIO_INBOUND", "-p tcp --dport " + port + " -j RETURN");
        }
        if (inbound.everyPort()) {
            capture(table, "-p tcp");
        }
        for (String port : inbound.ports()) {
            capture(table, "-p tcp --dport " + port);
        }
    }

    private void capture(String table, String match) {
        if (inbound.tproxy()) {
            pair.append(table, "ISTIO_INBOUND", match + ESTABLISHED + " -j ISTIO_DIVERT");
            pair.append(table, "ISTIO_INBOUND", match + " -j ISTIO_TPROXY");
        } else {
            pair.append(table, "ISTIO_INBOUND", match + " -j ISTIO_IN_REDIRECT");
        }
    }

    /**
     * Marks in TPROXY mode: the mark of the proxy's connections to the application is kept on the
     * connection, so that answers find back; traffic from the proxy by the pod's own address is
     * marked, so that it alone is taken inbound again.
     */
    void writeTproxyMarks() {
        String mark = inbound.mark();
        pair.append(
                "mangle",
                "PREROUTING",
                "-p tcp -m mark --mark " + mark + " -j CONNMARK --save-mark");
        pair.append("mangle", "OUTPUT", "-p tcp -o lo -m mark --mark " + mark + " -j RETURN");
        for (String uid : config.uids()) {
            markOwner("--uid-owner " + uid);
        }
        for (String gid : config.gids()) {
            markOwner("--gid-owner " + gid);
        }
        pair.append(
                "mangle",
                "OUTPUT",
                "-p tcp -m connmark --mark " + mark + " -j CONNMARK --restore-mark");
        pair.insert("mangle", "ISTIO_INBOUND", 1, "-p tcp -m mark --mark " + mark + " -j RETURN");
        pair.v4().insert("mangle", "ISTIO_INBOUND", 2, "-p tcp -s 127.0.0.6/32 -i lo -j RETURN");
        pair.v6().insert("mangle", "ISTIO_INBOUND", 2, "-p tcp -s ::6/128 -i lo -j RETURN");
        pair.insert(
                "mangle",
                "ISTIO_INBOUND",
                3,
                "-p tcp -i lo -m mark ! --mark " + CaptureConfig.OUTBOUND_MARK + " -j RETURN");
    }

    private void markOwner(String owner) {
        pair.appendLoopback(
                "mangle",
                "OUTPUT",
                "! -d ",
                " -p tcp -o lo -m owner "
                        + owner
                        + " -j MARK --set-mark "
                        + CaptureConfig.OUTBOUND_MARK);
    }
}
