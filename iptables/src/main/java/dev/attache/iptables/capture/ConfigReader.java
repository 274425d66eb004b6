package dev.attache.iptables.capture;

import dev.attache.iptables.capture.CaptureConfig.Dns;
import dev.attache.iptables.capture.CaptureConfig.Inbound;
import dev.attache.iptables.capture.CaptureConfig.Interfaces;
import dev.attache.iptables.capture.CaptureConfig.Operation;
import dev.attache.iptables.capture.CaptureConfig.Outbound;
import dev.attache.iptables.capture.CaptureConfig.Ports;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns flag values and what the host tells into a {@link CaptureConfig}. What istio-iptables
 * accepts is accepted, with a warning where it has no effect; what it or the kernel would refuse is
 * refused here, before anything changes. One reader per run; not shared between threads.
 */
public final class ConfigReader {
    private final FlagValues flags;
    private final Host host;
    private final ValueCheck check;
    private final List<String> warnings = new ArrayList<>();

    public ConfigReader(FlagValues flags, Host host) {
        this.flags = flags;
        this.host = host;
        this.check = new ValueCheck(host);
    }

    /** Remarks on settings that have no effect; filled by {@link #read}. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /**
     * Reads and checks everything.
     *
     * @throws BadInput naming flag, value and remedy
     */
    public CaptureConfig read() throws BadInput {
        List<IpAddress> routable = routableAddresses();
        boolean dualStack = flags.isOn(Flag.DUAL_STACK);
        boolean ipv6 = dualStack ? anyV6(routable) : !routable.getFirst().isV4();
        if (!ipv6 && anyV6(routable)) {
            warnings.add(
                    "this host has IPv6 addresses, but its first address is IPv4, so no IPv6 rules"
                            + " are written; add --dual-stack to capture IPv6 too");
        }
        Ports ports = ports();
        List<String> uids = ids(Flag.PROXY_UID, defaultUid(), true);
        CaptureConfig config =
                new CaptureConfig(
                        ports,
                        uids,
                        ids(Flag.PROXY_GID, String.join(",", uids), false),
                        inbound(),
                        outbound(),
                        interfaces(),
                        dns(),
                        flags.isOn(Flag.DROP_INVALID),
                        ipv6,
                        operation(!routable.getFirst().isV4()));
        new OverlapCheck(flags, config).report(warnings);
        return config;
    }

    private List<IpAddress> routableAddresses() throws BadInput {
        List<IpAddress> routable = new ArrayList<>();
        try {
            for (IpAddress address : host.addresses()) {
                IpAddress plain = address.unmapped();
                if (!plain.isLoopback() && !plain.isLinkLocal()) {
                    routable.add(plain);
                }
            }
        } catch (IOException e) {
            throw BadInput.host("cannot read the local addresses: " + e, "is /proc mounted?");
        }
        if (routable.isEmpty()) {
            throw BadInput.host(
                    "no valid local IP address found",
                    "give an interface other than lo an address before installing rules");
        }
        return routable;
    }

    private static boolean anyV6(List<IpAddress> addresses) {
        for (IpAddress address : addresses) {
            if (!address.isV4()) {
                return true;
            }
        }
        return false;
    }

    private Ports ports() throws BadInput {
        return new Ports(
                check.port(flags, Flag.ENVOY_PORT),
                check.port(flags, Flag.INBOUND_CAPTURE_PORT),
                check.port(flags, Flag.INBOUND_TUNNEL_PORT));
    }

    private String defaultUid() {
        String user = host.environment().getOrDefault("ENVOY_USER", "istio-proxy");
        String id = host.userId(user);
        return id == null ? "1337" : id;
    }

    private List<String> ids(Flag flag, String fallback, boolean users) throws BadInput {
        String text = flags.text(flag);
        if (text.isEmpty()) {
            return Lists.split(fallback);
        }
        List<String> ids = Lists.split(text);
        for (String id : ids) {
            check.owner(flags.name(flag), id, users);
        }
        return ids;
    }

    private Inbound inbound() throws BadInput {
        String ports = flags.text(Flag.INBOUND_PORTS);
        boolean every = ports.equals("*");
        String mode = flags.text(Flag.INTERCEPTION_MODE);
        boolean tproxy = mode.equals("TPROXY");
        if (!tproxy && !mode.isEmpty() && !mode.equals("REDIRECT")) {
            warnings.add(
                    flags.name(Flag.INTERCEPTION_MODE)
                            + " \""
                            + mode
                            + "\" counts as REDIRECT; write REDIRECT or TPROXY");
        }
        if (tproxy) {
            check.number(flags, Flag.TPROXY_MARK, 0xffffffffL, "a packet mark");
            check.number(flags, Flag.TPROXY_ROUTE_TABLE, 0x7fffffffL, "a routing table number");
        }
        List<String> excluded = every ? check.ports(flags, Flag.INBOUND_EXCLUDE_PORTS) : List.of();
        return new Inbound(
                tproxy,
                flags.text(Flag.TPROXY_MARK),
                flags.text(Flag.TPROXY_ROUTE_TABLE),
                every,
                every ? List.of() : check.ports(flags, Flag.INBOUND_PORTS),
                excluded,
                !ports.isEmpty());
    }

    private Outbound outbound() throws BadInput {
        String excluded = flags.text(Flag.SERVICE_EXCLUDE_CIDR);
        if (excluded.equals("*")) {
            throw BadInput.value(
                    flags.name(Flag.SERVICE_EXCLUDE_CIDR),
                    "*",
                    "invalid value for OUTBOUND_IP_RANGES_EXCLUDE",
                    "leave -i empty to capture nothing outbound");
        }
        String groups = variable("ISTIO_OUTBOUND_OWNER_GROUPS", "*");
        String excludedGroups = variable("ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", "");
        boolean every = groups.equals("*");
        return new Outbound(
                Ranges.parse(flags.name(Flag.SERVICE_CIDR), flags.text(Flag.SERVICE_CIDR)),
                Ranges.parse(flags.name(Flag.SERVICE_EXCLUDE_CIDR), excluded),
                check.ports(flags, Flag.OUTBOUND_PORTS),
                check.ports(flags, Flag.OUTBOUND_EXCLUDE_PORTS),
                every,
                every ? List.of() : check.groups("ISTIO_OUTBOUND_OWNER_GROUPS", groups),
                every
                        ? check.groups("ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", excludedGroups)
                        : List.of(),
                check.loopback(variable("ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR", "127.0.0.1/32")));
    }

    private String variable(String name, String fallback) {
        return host.environment().getOrDefault(name, fallback);
    }

    private Interfaces interfaces() throws BadInput {
        return new Interfaces(
                check.interfaces(flags, Flag.EXCLUDE_INTERFACES),
                check.interfaces(flags, Flag.KUBE_VIRT_INTERFACES),
                check.interfaces(flags, Flag.INCLUDE_INTERFACES));
    }

    private Dns dns() throws BadInput {
        boolean every = flags.isOn(Flag.CAPTURE_ALL_DNS);
        if (!flags.isOn(Flag.REDIRECT_DNS)) {
            return new Dns(false, every, List.of(), List.of());
        }
        List<String> v4 = new ArrayList<>();
        List<String> v6 = new ArrayList<>();
        if (!every) {
            splitServers(v4, v6);
            if (v4.isEmpty() && v6.isEmpty()) {
                warnings.add(
                        "REDIRECT_DNS is set, but CAPTURE_ALL_DNS is false, and no DNS servers"
                                + " provided. DNS capture disabled. Add --capture-all-dns or a"
                                + " nameserver line to /etc/resolv.conf.");
                return new Dns(false, false, List.of(), List.of());
            }
        }
        return new Dns(true, every, List.copyOf(v4), List.copyOf(v6));
    }

    private void splitServers(List<String> v4, List<String> v6) throws BadInput {
        try {
            for (String server : host.nameServers()) {
                IpAddress address = IpAddress.parse(server);
                if (address != null) {
                    (address.isV4() ? v4 : v6).add(address.toString());
                }
            }
        } catch (IOException e) {
            throw BadInput.host(
                    "failed to load /etc/resolv.conf: " + e,
                    "add --capture-all-dns, which does not read it");
        }
    }

    private Operation operation(boolean hostIsV6) throws BadInput {
        String binary = flags.text(Flag.FORCE_IPTABLES_BINARY);
        if (!binary.isEmpty() && !binary.equals("legacy") && !binary.equals("nft")) {
            throw BadInput.value(
                    flags.name(Flag.FORCE_IPTABLES_BINARY),
                    binary,
                    "invalid FORCE_IPTABLES_BINARY value",
                    "write legacy or nft, or leave it out");
        }
        return new Operation(
                flags.isOn(Flag.DRY_RUN),
                flags.isOn(Flag.SKIP_RULE_APPLY),
                flags.isOn(Flag.RUN_VALIDATION),
                GoValues.parseUint16(flags.text(Flag.PROBE_PORT)),
                GoValues.parseDuration(flags.text(Flag.PROBE_TIMEOUT)),
                hostIsV6,
                flags.text(Flag.NETWORK_NAMESPACE),
                flags.isOn(Flag.CNI_MODE),
                flags.isOn(Flag.RECONCILE),
                flags.isOn(Flag.CLEANUP_ONLY),
                flags.isOn(Flag.FORCE_APPLY),
                flags.isOn(Flag.NATIVE_NFTABLES),
                binary);
    }
}
