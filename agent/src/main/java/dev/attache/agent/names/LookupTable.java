package dev.attache.agent.names;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answers for the names of the mesh, made when the table comes. A name is also known with the
 * first search domain behind it, as an alias: a resolver tries that before the name itself. Not
 * changed any more once it is built; any thread.
 */
final class LookupTable {

    private final Map<String, Addresses> hosts = new HashMap<>();

    /** One that is a host, too, is an alias first, as for Istio's agent. */
    private final Map<String, Alias> aliases = new HashMap<>();

    private record Addresses(List<DnsRecord> v4, List<DnsRecord> v6) {

        private static final Addresses NONE = new Addresses(List.of(), List.of());

        List<DnsRecord> of(int type) {
            return type == DnsMessage.A ? v4 : v6;
        }
    }

    /**
     * A name that stands for another.
     *
     * @param record with the target as data
     */
    private record Alias(DnsRecord record, String target) {}

    /**
     * The table of a workload.
     *
     * @param search the domains that names are tried in
     */
    static LookupTable of(NameTable names, Placement placement, List<String> search) {
        LookupTable table = new LookupTable();
        names.hosts()
                .forEach((hostname, host) -> {
                    List<byte[]> v4 = new ArrayList<>();
                    List<byte[]> v6 = new ArrayList<>();
                    for (String ip : host.ips()) {
                        byte[] address = address(ip);
                        if (address != null) {
                            (address.length == 4 ? v4 : v6).add(address);
                        }
                    }
                    if (!v4.isEmpty() || !v6.isEmpty()) {
                        Set<String> all = placement.names(hostname, host);
                        all.forEach(name -> table.add(name, v4, v6));
                        if (!search.isEmpty()) {
                            all.forEach(name -> table.alias(name, search.getFirst(), all));
                        }
                    }
                });
        return table;
    }

    private void add(String name, List<byte[]> v4, List<byte[]> v6) {
        List<byte[]> labels = DnsName.labels(name);
        if (labels == null) {
            return;
        }
        Addresses before = hosts.getOrDefault(name, Addresses.NONE);
        // A later host of the same name replaces the addresses of the families that it has.
        hosts.put(
                name,
                new Addresses(
                        v4.isEmpty() ? before.v4 : records(name, labels, DnsMessage.A, v4),
                        v6.isEmpty() ? before.v6 : records(name, labels, DnsMessage.AAAA, v6)));
    }

    private void alias(String name, String search, Set<String> own) {
        if (name.endsWith(search + ".")) {
            return;
        }
        String expanded = DnsName.lower(name + search + (search.endsWith(".") ? "" : "."));
        List<byte[]> labels = DnsName.labels(expanded);
        List<byte[]> target = DnsName.labels(name);
        if (labels == null || target == null || own.contains(expanded)) {
            return;
        }
        DnsRecord record = new DnsRecord(expanded, labels, DnsMessage.CNAME, new byte[0], target);
        aliases.put(expanded, new Alias(record, name));
    }

    private static List<DnsRecord> records(
            String name, List<byte[]> labels, int type, List<byte[]> addresses) {
        return addresses.stream()
                .map(address -> new DnsRecord(name, labels, type, address, null))
                .toList();
    }

    /** Null for what is no address: the host is answered for without it, as by Istio's agent. */
    private static byte @Nullable [] address(String text) {
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    int size() {
        return hosts.size() + aliases.size();
    }

    /**
     * The answer for a name: null where it is nobody's of the mesh or the type is not one of
     * addresses, empty where it has no address of the family. An alias comes first.
     *
     * @param asked the name as text, in lower case
     */
    @Nullable List<DnsRecord> lookup(int type, String asked) {
        boolean exact = known(asked);
        String found = exact ? asked : wildcard(asked);
        if (found == null || type != DnsMessage.A && type != DnsMessage.AAAA) {
            return null;
        }
        Alias alias = aliases.get(found);
        String holder = alias == null ? found : alias.target;
        List<DnsRecord> addresses = hosts.getOrDefault(holder, Addresses.NONE).of(type);
        if (addresses.isEmpty() || exact && alias == null) {
            return addresses;
        }
        return chained(asked, alias, addresses);
    }

    private boolean known(String name) {
        return hosts.containsKey(name) || aliases.containsKey(name);
    }

    /** An alias before the addresses, or the name that was asked in place of the wildcard. */
    private static List<DnsRecord> chained(
            String asked, @Nullable Alias alias, List<DnsRecord> addresses) {
        List<byte[]> labels = DnsName.labels(asked);
        if (labels == null) {
            return List.of();
        }
        if (alias == null) {
            return addresses.stream().map(record -> record.of(asked, labels)).toList();
        }
        List<DnsRecord> records = new ArrayList<>();
        records.add(alias.record.of(asked, labels));
        records.addAll(addresses);
        return records;
    }

    /** The longest wildcard that the name is below, or null. */
    private @Nullable String wildcard(String asked) {
        for (int dot = next(asked, 0); dot >= 0; dot = next(asked, dot + 1)) {
            String wildcard = "*" + asked.substring(dot);
            if (known(wildcard)) {
                return wildcard;
            }
        }
        return null;
    }

    /** The next dot between labels. */
    private static int next(String name, int from) {
        for (int i = from; i < name.length() - 1; i++) {
            if (name.charAt(i) == '\\') {
                i++;
            } else if (name.charAt(i) == '.') {
                return i;
            }
        }
        return -1;
    }
}
