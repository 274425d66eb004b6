package dev.attache.iptables.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * nftables rules in the order they were added, and the one transaction made of them. Both address
 * families share inet tables. Filled by one thread, then read only.
 */
public final class NftRules {
    /** Tables in the order of the transaction. */
    public static final List<String> TABLES =
            List.of("istio-proxy-nat", "istio-proxy-mangle", "istio-proxy-raw");

    private static final Map<String, List<String>> CHAINS =
            Map.of(
                    "istio-proxy-nat",
                    List.of(
                            "prerouting { type nat hook prerouting priority -100 ; }",
                            "output { type nat hook output priority -100 ; }",
                            "istio-inbound",
                            "istio-redirect",
                            "istio-in-redirect",
                            "istio-output",
                            "istio-output-dns"),
                    "istio-proxy-mangle",
                    List.of(
                            "prerouting { type filter hook prerouting priority -150 ; }",
                            "output { type route hook output priority -150 ; }",
                            "istio-divert",
                            "istio-tproxy",
                            "istio-inbound",
                            "istio-drop"),
                    "istio-proxy-raw",
                    List.of(
                            "prerouting { type filter hook prerouting priority -300 ; }",
                            "output { type filter hook output priority -300 ; }",
                            "istio-inbound",
                            "istio-output-dns"));

    private final boolean ipv6;
    private final List<NftRule> rules = new ArrayList<>();

    /** An empty set; with {@code ipv6} off, rules for IPv6 alone are dropped. */
    public NftRules(boolean ipv6) {
        this.ipv6 = ipv6;
    }

    /** Adds a rule at the end of a chain. */
    public void append(String table, String chain, String text) {
        rules.add(new NftRule(table, chain, -1, text));
    }

    /** Adds a rule for IPv6 only. */
    public void appendV6(String table, String chain, String text) {
        if (ipv6) {
            append(table, chain, text);
        }
    }

    /** Adds a rule at a 0-based place. */
    public void insert(String table, String chain, int index, String text) {
        rules.add(new NftRule(table, chain, index, text));
    }

    /** Inserts a rule for IPv6 only. */
    public void insertV6(String table, String chain, int index, String text) {
        if (ipv6) {
            insert(table, chain, index, text);
        }
    }

    public List<NftRule> rules() {
        return Collections.unmodifiableList(rules);
    }

    /** The transaction for {@code nft -f -}: every table emptied and filled, or nothing happens. */
    public String transaction() {
        StringBuilder text = new StringBuilder();
        for (String table : TABLES) {
            appendTable(text, table, CHAINS.getOrDefault(table, List.of()));
        }
        return text.toString();
    }

    private void appendTable(StringBuilder text, String table, List<String> chains) {
        List<NftRule> own = new ArrayList<>();
        for (NftRule rule : rules) {
            if (rule.table().equals(table)) {
                own.add(rule);
            }
        }
        if (own.isEmpty()) {
            return;
        }
        text.append("add table inet ").append(table).append('\n');
        text.append("flush table inet ").append(table).append('\n');
        for (String chain : chains) {
            if (holdsRules(own, chain)) {
                text.append("add chain inet ").append(table).append(' ').append(chain).append('\n');
            }
        }
        for (String line : ruleLines(own)) {
            text.append(line).append('\n');
        }
    }

    private static boolean holdsRules(List<NftRule> rules, String chain) {
        int blank = chain.indexOf(' ');
        String name = blank < 0 ? chain : chain.substring(0, blank);
        for (NftRule rule : rules) {
            if (rule.chain().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** nft refuses an index that is not below the number of rules so far: then it is appended. */
    private static List<String> ruleLines(List<NftRule> rules) {
        Map<String, Integer> counts = new HashMap<>();
        List<String> lines = new ArrayList<>();
        for (NftRule rule : rules) {
            int count = counts.getOrDefault(rule.chain(), 0);
            lines.add(rule.line(rule.index() < count ? rule.index() : -1));
            counts.put(rule.chain(), count + 1);
        }
        return lines;
    }

    /** The rules of one table and chain in final order. */
    public List<NftRule> ordered(String table, String chain) {
        List<NftRule> ordered = new ArrayList<>();
        for (NftRule rule : rules) {
            if (!rule.table().equals(table) || !rule.chain().equals(chain)) {
                continue;
            }
            if (rule.index() >= 0 && rule.index() < ordered.size()) {
                ordered.add(rule.index(), rule);
            } else {
                ordered.add(rule);
            }
        }
        return ordered;
    }

    /** The transaction that removes all tables; adding first makes the deletion always succeed. */
    public static String cleanupTransaction() {
        StringBuilder text = new StringBuilder();
        for (String table : TABLES) {
            text.append("add table inet ").append(table).append('\n');
            text.append("delete table inet ").append(table).append('\n');
        }
        return text.toString();
    }
}
