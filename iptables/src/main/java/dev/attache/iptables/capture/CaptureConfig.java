package dev.attache.iptables.capture;

import java.util.List;

/**
 * What to capture and how to go about it: the whole of the command line, checked. Immutable; made
 * by {@link ConfigReader}, read by everything else in this module.
 *
 * @param ports the proxy's own ports, as text because they are copied into rules verbatim
 * @param uids user ids of the proxy, at least one
 * @param gids group ids of the proxy, at least one
 * @param inbound what to capture on the way in
 * @param outbound what to capture on the way out
 * @param interfaces which interfaces to treat how
 * @param dns name resolution
 * @param dropInvalid drop packets that connection tracking calls invalid
 * @param ipv6 write IPv6 rules as well
 * @param operation what to do with the rules
 */
public record CaptureConfig(
        Ports ports,
        List<String> uids,
        List<String> gids,
        Inbound inbound,
        Outbound outbound,
        Interfaces interfaces,
        Dns dns,
        boolean dropInvalid,
        boolean ipv6,
        Operation operation) {

    /** Where the agent answers DNS. */
    public static final String DNS_PORT = "15053";

    /** Mark of traffic from the proxy to the application in TPROXY mode. */
    public static final String OUTBOUND_MARK = "1338";

    /** The same with the operation "remove, install nothing". */
    public CaptureConfig forCleanup() {
        return new CaptureConfig(
                ports,
                uids,
                gids,
                inbound,
                outbound,
                interfaces,
                dns,
                dropInvalid,
                ipv6,
                operation.forCleanup());
    }

    /** The proxy's ports: outbound listener, inbound listener, tunnel. */
    public record Ports(String outbound, String inbound, String tunnel) {}

    /**
     * Inbound capture.
     *
     * @param tproxy TPROXY instead of REDIRECT
     * @param mark packet mark for TPROXY
     * @param routeTable routing table for TPROXY
     * @param everyPort {@code -b "*"}
     * @param ports ports to capture if not every port
     * @param excludedPorts ports left alone, empty unless {@code everyPort}
     */
    public record Inbound(
            boolean tproxy,
            String mark,
            String routeTable,
            boolean everyPort,
            List<String> ports,
            List<String> excludedPorts,
            boolean asked) {}

    /**
     * Outbound capture.
     *
     * @param everyGroup capture whatever group a process runs as, but for {@code excludedGroups}
     * @param groups otherwise the only groups captured
     * @param loopbackRange IPv4 range that stands for "this host" ({@code 127.0.0.1/32})
     */
    public record Outbound(
            Ranges included,
            Ranges excluded,
            List<String> includedPorts,
            List<String> excludedPorts,
            boolean everyGroup,
            List<String> groups,
            List<String> excludedGroups,
            String loopbackRange) {}

    /** Interfaces left alone, treated as virtual machines', or (if any) the only ones captured. */
    public record Interfaces(List<String> excluded, List<String> virtual, List<String> included) {}

    /**
     * DNS capture.
     *
     * @param captured capture at all; false if asked for but no server is known
     * @param everyServer not only the servers of resolv.conf
     */
    public record Dns(boolean captured, boolean everyServer, List<String> v4, List<String> v6) {}

    /** What to do with the rules. Times in nanoseconds. */
    public record Operation(
            boolean dryRun,
            boolean skipApply,
            boolean validate,
            int probePort,
            long probeTimeoutNanos,
            boolean probeV6,
            String networkNamespace,
            boolean cniMode,
            boolean reconcile,
            boolean cleanupOnly,
            boolean forceApply,
            boolean nftables,
            String forcedBinary) {
        Operation forCleanup() {
            return new Operation(
                    dryRun,
                    skipApply,
                    validate,
                    probePort,
                    probeTimeoutNanos,
                    probeV6,
                    networkNamespace,
                    cniMode,
                    reconcile,
                    true,
                    forceApply,
                    nftables,
                    forcedBinary);
        }
    }
}
