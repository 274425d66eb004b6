package dev.attache.iptables.rules;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The rules of one address family in the order they were added, and the texts and commands made of
 * them: the input of iptables-restore, single commands, the undoing, the guard rails. Filled by one
 * thread, then read only.
 */
public final class IptablesRules {
    private static final Set<String> BUILT_IN =
            Set.of(
                    "INPUT",
                    "OUTPUT",
                    "FORWARD",
                    "PREROUTING",
                    "POSTROUTING",
                    "ACCEPT",
                    "RETURN",
                    "DROP");
    private static final List<IptablesRule> GUARD_RAILS = guardRails();

    private final List<IptablesRule> rules = new ArrayList<>();

    /** Adds a rule at the end of a chain. */
    public void append(String table, String chain, String text) {
        rules.add(new IptablesRule(table, chain, 0, text));
    }

    /** Adds a rule at a 1-based place in a chain. */
    public void insert(String table, String chain, int position, String text) {
        rules.add(new IptablesRule(table, chain, position, text));
    }

    public List<IptablesRule> rules() {
        return Collections.unmodifiableList(rules);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /** The text for {@code iptables-restore --noflush}; empty if there is no rule. */
    public String restoreText() {
        TreeMap<String, StringBuilder> tables = new TreeMap<>();
        for (TableChain chain : newChains()) {
            tables.computeIfAbsent(chain.table(), any -> new StringBuilder())
                    .append("-N ")
                    .append(chain.chain())
                    .append('\n');
        }
        for (IptablesRule rule : rules) {
            tables.computeIfAbsent(rule.table(), any -> new StringBuilder())
                    .append(rule.restoreLine())
                    .append('\n');
        }
        StringBuilder text = new StringBuilder();
        tables.forEach((table, lines) ->
                text.append("* ").append(table).append('\n').append(lines).append("COMMIT\n"));
        return text.toString();
    }

    /** A chain in a table. */
    public record TableChain(String table, String chain) {}

    /** Chains to create: those with rules in order of first rule, then those only jumped to. */
    public Set<TableChain> newChains() {
        Set<TableChain> chains = new LinkedHashSet<>();
        for (IptablesRule rule : rules) {
            addUnlessBuiltIn(chains, rule.table(), rule.chain());
        }
        for (IptablesRule rule : rules) {
            String target = rule.finalJump();
            if (!target.isEmpty()) {
                addUnlessBuiltIn(chains, rule.table(), target);
            }
        }
        return chains;
    }

    private static void addUnlessBuiltIn(Set<TableChain> chains, String table, String chain) {
        if (!BUILT_IN.contains(chain)) {
            chains.add(new TableChain(table, chain));
        }
    }

    /** One iptables command per chain and per rule, as arguments. */
    public List<List<String>> commands() {
        List<List<String>> commands = new ArrayList<>();
        Set<TableChain> seen = new LinkedHashSet<>();
        for (IptablesRule rule : rules) {
            addUnlessBuiltIn(seen, rule.table(), rule.chain());
        }
        for (TableChain chain : seen) {
            commands.add(List.of("-t", chain.table(), "-N", chain.chain()));
        }
        for (IptablesRule rule : rules) {
            commands.add(rule.command());
        }
        return commands;
    }

    /** Commands that remove what these rules installed, last rule first; failures are expected. */
    public List<List<String>> cleanupCommands() {
        List<List<String>> commands = new ArrayList<>();
        Set<TableChain> chains = new LinkedHashSet<>();
        for (int i = rules.size() - 1; i >= 0; i--) {
            IptablesRule rule = rules.get(i);
            if (!rule.inOwnChain() || rule.jumpsToOwnChain()) {
                commands.add(rule.command("-D"));
            }
            addUnlessBuiltIn(chains, rule.table(), rule.chain());
        }
        for (TableChain chain : chains) {
            commands.add(List.of("-t", chain.table(), "-F", chain.chain()));
            commands.add(List.of("-t", chain.table(), "-X", chain.chain()));
        }
        return commands;
    }

    /** Commands that block all traffic while rules are exchanged. */
    public static List<List<String>> guardRailCommands() {
        List<List<String>> commands = new ArrayList<>();
        for (IptablesRule rule : GUARD_RAILS) {
            commands.add(rule.command());
        }
        return commands;
    }

    /** Commands that lift the block. */
    public static List<List<String>> guardRailCleanupCommands() {
        List<List<String>> commands = new ArrayList<>();
        for (IptablesRule rule : GUARD_RAILS) {
            commands.add(rule.command("-D"));
        }
        return commands;
    }

    private static List<IptablesRule> guardRails() {
        List<IptablesRule> rails = new ArrayList<>();
        for (String chain : List.of("INPUT", "FORWARD", "OUTPUT")) {
            rails.add(new IptablesRule("filter", chain, 1, "-p tcp -j DROP"));
            rails.add(new IptablesRule("filter", chain, 1, "-p udp -j DROP"));
        }
        return List.copyOf(rails);
    }
}
