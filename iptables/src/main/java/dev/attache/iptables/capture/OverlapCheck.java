package dev.attache.iptables.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds flags that contradict or undo each other. istio-iptables accepts them and lets one win; so
 * does this command, but it says which one. With {@code --strict} they are refused. Two
 * contradictions have no sensible reading and are always refused.
 */
final class OverlapCheck {
    private final FlagValues flags;
    private final CaptureConfig config;
    private final List<String> found = new ArrayList<>();

    OverlapCheck(FlagValues flags, CaptureConfig config) {
        this.flags = flags;
        this.config = config;
    }

    void report(List<String> warnings) throws BadInput {
        refuseContradictions();
        ports();
        portLists();
        ranges();
        interfaces();
        operations();
        if (!found.isEmpty() && flags.isOn(Flag.STRICT)) {
            throw BadInput.host(
                    String.join("; ", found), "correct the flags or leave out --strict");
        }
        warnings.addAll(found);
    }

    private void refuseContradictions() throws BadInput {
        CaptureConfig.Operation operation = config.operation();
        if (operation.nftables() && !operation.forcedBinary().isEmpty()) {
            throw BadInput.value(
                    flags.name(Flag.FORCE_IPTABLES_BINARY),
                    operation.forcedBinary(),
                    "overlaps with --native-nftables, which uses no iptables binary",
                    "leave out one of the two");
        }
        if (operation.cleanupOnly() && operation.validate()) {
            throw BadInput.value(
                    flags.name(Flag.RUN_VALIDATION),
                    "true",
                    "overlaps with --cleanup-only, after which there is nothing to validate",
                    "leave out one of the two");
        }
    }

    private void ports() {
        CaptureConfig.Ports ports = config.ports();
        same(Flag.ENVOY_PORT, ports.outbound(), Flag.INBOUND_CAPTURE_PORT, ports.inbound());
        same(Flag.ENVOY_PORT, ports.outbound(), Flag.INBOUND_TUNNEL_PORT, ports.tunnel());
        same(Flag.INBOUND_CAPTURE_PORT, ports.inbound(), Flag.INBOUND_TUNNEL_PORT, ports.tunnel());
        if (config.dns().captured()) {
            same(Flag.ENVOY_PORT, ports.outbound(), Flag.REDIRECT_DNS, CaptureConfig.DNS_PORT);
            same(
                    Flag.INBOUND_CAPTURE_PORT,
                    ports.inbound(),
                    Flag.REDIRECT_DNS,
                    CaptureConfig.DNS_PORT);
        }
    }

    private void same(Flag first, String firstPort, Flag second, String secondPort) {
        if (firstPort.strip().equals(secondPort.strip())) {
            found.add(
                    flags.name(first)
                            + " \""
                            + firstPort
                            + "\" is also the port of "
                            + flags.name(second)
                            + "; give them different ports");
        }
    }

    private void portLists() {
        CaptureConfig.Outbound outbound = config.outbound();
        common(
                Flag.OUTBOUND_PORTS,
                outbound.includedPorts(),
                Flag.OUTBOUND_EXCLUDE_PORTS,
                outbound.excludedPorts());
        if (!config.inbound().everyPort()
                && !Lists.split(flags.text(Flag.INBOUND_EXCLUDE_PORTS)).isEmpty()
                && config.inbound().asked()) {
            found.add(
                    flags.name(Flag.INBOUND_EXCLUDE_PORTS)
                            + " \""
                            + flags.text(Flag.INBOUND_EXCLUDE_PORTS)
                            + "\" has no effect, because -b lists ports; write -b \"*\"");
        }
    }

    private void ranges() {
        CaptureConfig.Outbound outbound = config.outbound();
        for (List<Cidr> family : List.of(outbound.excluded().v4(), outbound.excluded().v6())) {
            for (Cidr cidr : family) {
                if (outbound.included().v4().contains(cidr)
                        || outbound.included().v6().contains(cidr)) {
                    found.add(
                            flags.name(Flag.SERVICE_CIDR)
                                    + " \""
                                    + cidr
                                    + "\" has no effect, because "
                                    + flags.name(Flag.SERVICE_EXCLUDE_CIDR)
                                    + " excludes the same range; leave out one of the two");
                }
            }
        }
        if (!config.ipv6() && !outbound.included().v6().isEmpty()) {
            found.add(
                    flags.name(Flag.SERVICE_CIDR)
                            + " \""
                            + outbound.included().v6().getFirst()
                            + "\" has no effect without IPv6 rules; add --dual-stack");
        }
    }

    private void interfaces() {
        CaptureConfig.Interfaces interfaces = config.interfaces();
        common(
                Flag.KUBE_VIRT_INTERFACES,
                interfaces.virtual(),
                Flag.EXCLUDE_INTERFACES,
                interfaces.excluded());
        common(
                Flag.INCLUDE_INTERFACES,
                interfaces.included(),
                Flag.EXCLUDE_INTERFACES,
                interfaces.excluded());
    }

    private void common(Flag wanted, List<String> included, Flag unwanted, List<String> excluded) {
        for (String item : included) {
            if (excluded.contains(item)) {
                found.add(
                        flags.name(wanted)
                                + " \""
                                + item
                                + "\" has no effect, because "
                                + flags.name(unwanted)
                                + " excludes it; leave it out of one of the two");
            }
        }
    }

    private void operations() {
        CaptureConfig.Operation operation = config.operation();
        if (flags.isOn(Flag.CAPTURE_ALL_DNS) && !flags.isOn(Flag.REDIRECT_DNS)) {
            found.add(
                    flags.name(Flag.CAPTURE_ALL_DNS)
                            + " \"true\" has no effect without --redirect-dns; add it");
        }
        if (operation.cleanupOnly() && (operation.reconcile() || operation.forceApply())) {
            Flag other = operation.reconcile() ? Flag.RECONCILE : Flag.FORCE_APPLY;
            found.add(
                    flags.name(other)
                            + " \"true\" has no effect with --cleanup-only; leave it out");
        }
        if (operation.skipApply() && (operation.cleanupOnly() || operation.reconcile())) {
            Flag other = operation.cleanupOnly() ? Flag.CLEANUP_ONLY : Flag.RECONCILE;
            found.add(
                    flags.name(other)
                            + " \"true\" has no effect with --skip-rule-apply; leave out"
                            + " one of the two");
        }
    }
}
