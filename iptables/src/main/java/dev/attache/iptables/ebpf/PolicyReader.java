package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.ebpf.program.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads a policy from flags, as istio-iptables reads its rules. */
final class PolicyReader {
    /** Environment variables that have no flag. */
    static final List<String> VARIABLES =
            List.of(
                    "ENVOY_USER",
                    "ISTIO_DUAL_STACK",
                    "ISTIO_META_DNS_CAPTURE",
                    "ISTIO_OUTBOUND_OWNER_GROUPS",
                    "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE");

    private static final int ISTIO_PROXY = 1337;
    private static final Path USERS = Path.of("/etc/passwd");
    private static final Path GROUPS = Path.of("/etc/group");

    private final Flags flags;
    private final Path resolver;
    private final Host host;
    private final @Nullable Cgroup proxyCgroup;

    /**
     * @param resolver the resolv.conf that names the servers whose queries are intercepted
     */
    PolicyReader(Flags flags, Path resolver, Host host, @Nullable Cgroup proxyCgroup) {
        this.flags = flags;
        this.resolver = resolver;
        this.host = host;
        this.proxyCgroup = proxyCgroup;
    }

    Policy read() throws IOException {
        refuseWhatCannotBe();
        boolean dualStack =
                flags.on(Flag.DUAL_STACK) || flags.variable("ISTIO_DUAL_STACK", "").equals("true");
        return new Policy(
                proxy(),
                outbound(),
                inbound(),
                dns(),
                new Policy.Interfaces(
                        interfaces(Flag.INCLUDE_INTERFACES),
                        interfaces(Flag.ISTIO_EXCLUDE_INTERFACES)),
                host.ipv6(dualStack),
                Support.multipath(),
                Support.owner(),
                flags.on(Flag.NO_SOCKMAP) ? null : Support.shortcut());
    }

    private void refuseWhatCannotBe() throws EbpfException {
        Flag mode = Flag.ISTIO_INBOUND_INTERCEPTION_MODE;
        String value = flags.text(mode);
        if (!value.isEmpty() && !value.equals("REDIRECT")) {
            throw EbpfException.badFlag(
                    mode.spelling(),
                    value,
                    "this mode keeps the client's address without TPROXY",
                    "leave the flag out, or use \"attache iptables\" for TPROXY");
        }
    }

    private Policy.Proxy proxy() throws IOException {
        List<Integer> uids = flags.ids(Flag.PROXY_UID, flags.text(Flag.PROXY_UID));
        if (uids.isEmpty()) {
            String user = flags.variable("ENVOY_USER", "istio-proxy");
            uids = List.of(id(USERS, user).orElse(ISTIO_PROXY));
        }
        List<Integer> gids = flags.ids(Flag.PROXY_GID, flags.text(Flag.PROXY_GID));
        return new Policy.Proxy(
                flags.port(Flag.ENVOY_PORT),
                flags.port(Flag.INBOUND_CAPTURE_PORT),
                flags.port(Flag.INBOUND_TUNNEL_PORT),
                uids,
                gids.isEmpty() ? uids : gids,
                flags.mark(Flag.PROXY_MARK),
                proxyCgroup == null ? null : proxyCgroup.reference());
    }

    private Policy.Outbound outbound() throws IOException {
        boolean all = flags.text(Flag.ISTIO_SERVICE_CIDR).equals("*");
        if (flags.text(Flag.ISTIO_SERVICE_EXCLUDE_CIDR).equals("*")) {
            throw EbpfException.badFlag(
                    Flag.ISTIO_SERVICE_EXCLUDE_CIDR.spelling(),
                    "*",
                    "it would exclude every destination",
                    "leave -i empty instead");
        }
        String only = flags.variable("ISTIO_OUTBOUND_OWNER_GROUPS", "*");
        return new Policy.Outbound(
                all,
                all ? List.of() : flags.blocks(Flag.ISTIO_SERVICE_CIDR),
                flags.blocks(Flag.ISTIO_SERVICE_EXCLUDE_CIDR),
                flags.ports(Flag.ISTIO_OUTBOUND_PORTS),
                flags.ports(Flag.ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE),
                only.equals("*") ? null : groups("ISTIO_OUTBOUND_OWNER_GROUPS", only),
                groups(
                        "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE",
                        flags.variable("ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", "")));
    }

    private static List<Integer> groups(String variable, String names) throws IOException {
        List<Integer> ids = new ArrayList<>();
        for (String name : names.isBlank() ? new String[0] : names.split(",")) {
            OptionalInt id = id(GROUPS, name.strip());
            if (id.isEmpty()) {
                throw EbpfException.badFlag(
                        variable, name, "there is no such group", "give its number");
            }
            ids.add(id.getAsInt());
        }
        return ids;
    }

    private Policy.Inbound inbound() throws IOException {
        boolean all = flags.text(Flag.ISTIO_INBOUND_PORTS).equals("*");
        return new Policy.Inbound(
                all,
                all ? List.of() : flags.ports(Flag.ISTIO_INBOUND_PORTS),
                flags.ports(Flag.ISTIO_LOCAL_EXCLUDE_PORTS),
                host.cookie());
    }

    private List<Integer> interfaces(Flag flag) throws EbpfException {
        List<Integer> indexes = new ArrayList<>();
        for (String name : flags.list(flag)) {
            Integer index = host.interfaces().get(name);
            if (index == null) {
                throw EbpfException.badFlag(
                        flag.spelling(),
                        name,
                        "there is no such interface",
                        "name one of " + host.interfaces().keySet());
            }
            indexes.add(index);
        }
        return indexes;
    }

    private Policy.Dns dns() throws IOException {
        boolean all = flags.on(Flag.CAPTURE_ALL_DNS);
        boolean wanted =
                all
                        || flags.on(Flag.REDIRECT_DNS)
                        || flags.variable("ISTIO_META_DNS_CAPTURE", "").equals("true");
        List<Cidr> servers = wanted && !all ? servers() : List.of();
        return new Policy.Dns(
                wanted && (all || !servers.isEmpty()), flags.port(Flag.DNS_PORT), all, servers);
    }

    private List<Cidr> servers() throws IOException {
        return Files.exists(resolver) ? servers(Files.readString(resolver)) : List.of();
    }

    /** Reads the servers of a resolv.conf; an address with a scope is taken without it. */
    static List<Cidr> servers(String configuration) {
        return configuration
                .lines()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words.length > 1 && words[0].equals("nameserver"))
                .map(words -> Cidr.of(InetAddress.ofLiteral(words[1].replaceFirst("%.*", ""))))
                .toList();
    }

    /** Returns the number of a user or group: of a number itself, of a name from its file. */
    private static OptionalInt id(Path file, String name) throws IOException {
        if (name.matches("\\d{1,9}")) {
            return OptionalInt.of(Integer.parseInt(name));
        }
        if (!Files.exists(file)) {
            return OptionalInt.empty();
        }
        return Files.readString(file)
                .lines()
                .map(line -> line.split(":"))
                .filter(fields -> fields.length > 2 && fields[0].equals(name))
                .mapToInt(fields -> Integer.parseInt(fields[2]))
                .findFirst();
    }
}
