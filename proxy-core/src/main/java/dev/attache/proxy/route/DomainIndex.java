package dev.attache.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Envoy's domain search order: exact, longest suffix wildcard ({@code *.foo.com}), longest prefix
 * wildcard ({@code foo.*}), {@code *}. A wildcard stands for at least one character. Lower case.
 */
final class DomainIndex {

    /**
     * A domain and whose it is.
     *
     * @param domain as the index compares it: in small letters, an asterisk for what is open
     */
    record Claim(String domain, VirtualHost host) {}

    private record Wildcards(int length, ByteMap<Claim> hosts) {}

    private final ByteMap<Claim> exact;
    private final List<Wildcards> suffixes;
    private final List<Wildcards> prefixes;
    private final @Nullable Claim catchAll;
    private final boolean onlyCatchAll;

    DomainIndex(String table, List<VirtualHost> hosts) {
        int domains = 0;
        for (VirtualHost host : hosts) {
            domains += host.spec().domains().size();
        }
        this.exact = new ByteMap<>(domains);
        int exactDomains = 0;
        Map<String, Claim> suffixDomains = new HashMap<>();
        Map<String, Claim> prefixDomains = new HashMap<>();
        Claim all = null;
        for (VirtualHost host : hosts) {
            for (String domain : host.spec().domains()) {
                String lower = domain.toLowerCase(Locale.ROOT);
                Claim claim = new Claim(lower, host);
                boolean fresh = true;
                if (lower.equals("*")) {
                    if (all != null) {
                        throw new IllegalArgumentException(
                                "Only a single wildcard domain is permitted in route " + table);
                    }
                    all = claim;
                } else if (lower.startsWith("*")) {
                    fresh = suffixDomains.putIfAbsent(lower.substring(1), claim) == null;
                } else if (lower.endsWith("*")) {
                    String prefix = lower.substring(0, lower.length() - 1);
                    fresh = prefixDomains.putIfAbsent(prefix, claim) == null;
                } else {
                    fresh = exact.putIfAbsent(bytes(lower), claim);
                    exactDomains++;
                }
                if (!fresh) {
                    throw new IllegalArgumentException(
                            "Only unique values for domains are permitted. Duplicate entry of domain "
                                    + lower
                                    + " in route "
                                    + table);
                }
            }
        }
        this.catchAll = all;
        this.suffixes = wildcards(suffixDomains);
        this.prefixes = wildcards(prefixDomains);
        this.onlyCatchAll = exactDomains == 0 && suffixes.isEmpty() && prefixes.isEmpty();
    }

    private static List<Wildcards> wildcards(Map<String, Claim> domains) {
        Map<Integer, Map<String, Claim>> byLength = new TreeMap<>(Comparator.reverseOrder());
        domains.forEach((domain, host) ->
                byLength.computeIfAbsent(domain.length(), k -> new HashMap<>()).put(domain, host));
        List<Wildcards> longestFirst = new ArrayList<>();
        byLength.forEach((length, hosts) -> {
            ByteMap<Claim> map = new ByteMap<>(hosts.size());
            hosts.forEach((domain, host) -> map.put(bytes(domain), host));
            longestFirst.add(new Wildcards(length, map));
        });
        return List.copyOf(longestFirst);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Nullable Claim catchAll() {
        return catchAll;
    }

    @Nullable Claim find(byte[] source, int offset, int length) {
        if (onlyCatchAll) {
            return catchAll;
        }
        byte[] text = source;
        int start = offset;
        if (hasUpperCase(source, offset, length)) {
            text = lower(source, offset, length);
            start = 0;
        }
        Claim found = exact.get(text, start, length);
        for (int i = 0; found == null && i < suffixes.size(); i++) {
            Wildcards wildcards = suffixes.get(i);
            if (wildcards.length < length) {
                found =
                        wildcards.hosts.get(
                                text, start + length - wildcards.length, wildcards.length);
            }
        }
        for (int i = 0; found == null && i < prefixes.size(); i++) {
            Wildcards wildcards = prefixes.get(i);
            if (wildcards.length < length) {
                found = wildcards.hosts.get(text, start, wildcards.length);
            }
        }
        return found != null ? found : catchAll;
    }

    /** Why a domain is found: which of the four kinds it is, in the order of the search. */
    static String why(String domain) {
        if (domain.equals("*")) {
            return "no other domain of the table is the request's";
        }
        if (domain.startsWith("*")) {
            return "the longest domain beginning with an asterisk; none is exactly the request's";
        }
        return domain.endsWith("*")
                ? "the longest domain ending with an asterisk; none is exactly, or by its end, the"
                        + " request's"
                : "exactly the request's";
    }

    private static boolean hasUpperCase(byte[] text, int start, int length) {
        for (int i = 0; i < length; i++) {
            byte b = text[start + i];
            if (b >= 'A' && b <= 'Z') {
                return true;
            }
        }
        return false;
    }

    private static byte[] lower(byte[] text, int start, int length) {
        byte[] lower = new byte[length];
        for (int i = 0; i < length; i++) {
            byte b = text[start + i];
            lower[i] = b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
        }
        return lower;
    }
}
