package dev.attache.iptables.apply;

import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.IptablesReader;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.IptablesRules.TableChain;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One family's rules as iptables-save prints them. Immutable.
 *
 * @param text the output as it came, to restore from
 * @param ownChains chains of ours, with their tables
 * @param rules every rule of the tables filter, nat, mangle and raw, in order
 */
public record SavedRules(String text, Set<TableChain> ownChains, List<ReadRule> rules) {
    private static final Set<String> TABLES = Set.of("filter", "nat", "mangle", "raw");

    static SavedRules parse(String text, Names names) {
        Set<TableChain> chains = new LinkedHashSet<>();
        List<ReadRule> rules = new ArrayList<>();
        String table = "";
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("*")) {
                table = line.substring(1).strip();
            } else if (TABLES.contains(table)) {
                readLine(table, line, chains, rules, names);
            }
        }
        return new SavedRules(text, chains, List.copyOf(rules));
    }

    private static void readLine(
            String table, String line, Set<TableChain> chains, List<ReadRule> rules, Names names) {
        if (line.startsWith(":" + IptablesRule.OWN_PREFIX)) {
            int blank = line.indexOf(' ');
            chains.add(new TableChain(table, line.substring(1, blank < 0 ? line.length() : blank)));
            return;
        }
        if (line.startsWith("-A ")) {
            int blank = line.indexOf(' ', 3);
            String chain = blank < 0 ? line.substring(3) : line.substring(3, blank);
            String rest = blank < 0 ? "" : line.substring(blank + 1);
            rules.add(IptablesReader.read(table, chain, rest, names));
        }
    }

    /** True if there is any rule or any chain of ours at all. */
    boolean anything() {
        return !rules.isEmpty() || !ownChains.isEmpty();
    }

    /** The rules of one chain, in order. */
    public List<ReadRule> in(String table, String chain) {
        List<ReadRule> found = new ArrayList<>();
        for (ReadRule rule : rules) {
            if (rule.table().equals(table) && rule.chain().equals(chain)) {
                found.add(rule);
            }
        }
        return found;
    }
}
