package dev.attache.iptables.apply;

import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.IptablesReader;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.IptablesRules;
import dev.attache.iptables.rules.IptablesRules.TableChain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How installed rules differ from wanted ones, rule by rule and in order. In chains of ours every
 * rule counts; in built-in chains only the wanted ones, in their order among themselves. Immutable.
 *
 * @param missing wanted but not there
 * @param extra in a chain of ours but not wanted
 * @param misplaced there, but in another order
 * @param certain false if a rule was not understood, so that two spellings may look different
 */
public record Drift(
        List<String> missing, List<String> extra, List<String> misplaced, boolean certain) {
    public boolean none() {
        return missing.isEmpty() && extra.isEmpty() && misplaced.isEmpty();
    }

    /** Compares one family. */
    public static Drift between(IptablesRules wanted, SavedRules saved, Names names) {
        Map<TableChain, List<ReadRule>> chains = new LinkedHashMap<>();
        boolean certain = true;
        for (IptablesRule rule : wanted.rules()) {
            ReadRule read = IptablesReader.read(rule.table(), rule.chain(), rule.text(), names);
            certain &= read.understood();
            List<ReadRule> chain =
                    chains.computeIfAbsent(
                            new TableChain(rule.table(), rule.chain()), any -> new ArrayList<>());
            if (rule.position() > 0 && rule.position() <= chain.size()) {
                chain.add(rule.position() - 1, read);
            } else {
                chain.add(read);
            }
        }
        Drift found = new Drift(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), certain);
        chains.forEach((at, rules) -> found.compare(at, rules, saved.in(at.table(), at.chain())));
        for (TableChain chain : saved.ownChains()) {
            if (!wanted.newChains().contains(chain)) {
                found.extra.add("chain " + chain.chain() + " in " + chain.table());
            }
        }
        for (TableChain chain : wanted.newChains()) {
            if (!saved.ownChains().contains(chain) && !chains.containsKey(chain)) {
                found.missing.add("chain " + chain.chain() + " in " + chain.table());
            }
        }
        return found;
    }

    private void compare(TableChain at, List<ReadRule> wanted, List<ReadRule> there) {
        List<ReadRule> left = new ArrayList<>(there);
        int last = -1;
        for (ReadRule rule : wanted) {
            int place = indexOf(left, rule);
            if (place < 0) {
                missing.add(describe(rule));
                continue;
            }
            int original = identityIndex(there, left.get(place));
            if (original < last) {
                misplaced.add(describe(rule));
            }
            last = Math.max(last, original);
            left.remove(place);
        }
        if (at.chain().startsWith(IptablesRule.OWN_PREFIX)) {
            for (ReadRule rule : left) {
                extra.add(describe(rule));
            }
        }
    }

    private static int indexOf(List<ReadRule> rules, ReadRule wanted) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).sameAs(wanted)) {
                return i;
            }
        }
        return -1;
    }

    @SuppressWarnings("ReferenceEquality") // which of several equal rules: identity is meant
    private static int identityIndex(List<ReadRule> rules, ReadRule one) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i) == one) {
                return i;
            }
        }
        return -1;
    }

    private static String describe(ReadRule rule) {
        return rule.table() + " " + rule.chain() + " " + rule.text();
    }

    /** All differences, one per line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        missing.forEach(rule -> lines.add("missing:   " + rule));
        extra.forEach(rule -> lines.add("extra:     " + rule));
        misplaced.forEach(rule -> lines.add("misplaced: " + rule));
        return lines;
    }
}
