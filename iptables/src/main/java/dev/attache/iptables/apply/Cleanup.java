package dev.attache.iptables.apply;

import dev.attache.iptables.apply.Xtables.Tool;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.model.Action;
import dev.attache.iptables.model.IptablesReader;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.IptablesRules;
import dev.attache.iptables.rules.IptablesRules.TableChain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Removes rules of one family: those that known flags would have installed, every chain of ours
 * however it came, and the rules that lead to them. In one restore; command by command if that
 * fails. Used by one thread.
 */
final class Cleanup {
    private final Xtables xtables;
    private final Names names;
    private final Log log;

    Cleanup(Xtables xtables, Names names, Log log) {
        this.xtables = xtables;
        this.names = names;
        this.log = log;
    }

    /** Runs single commands; one that fails had nothing to remove. */
    void commands(Family family, List<List<String>> commands) {
        for (List<String> command : commands) {
            Programs.Answer answer = xtables.run(family, Tool.COMMAND, "", command);
            if (!answer.ok()) {
                log.debug("ignored: " + answer.complaint());
            }
        }
    }

    /**
     * Removes everything of ours.
     *
     * @param planned rules that the flags of this run would install
     * @param former rules that were installed with other flags, if those are known
     */
    void remove(Family family, IptablesRules planned, @Nullable IptablesRules former) {
        Programs.Answer answer = xtables.run(family, Tool.SAVE, "", List.of());
        if (!answer.ok()) {
            commands(family, planned.cleanupCommands());
            return;
        }
        List<IptablesRule> known = new ArrayList<>(planned.rules());
        if (former != null) {
            known.addAll(former.rules());
        }
        String removal = removal(SavedRules.parse(answer.out(), names), known);
        if (removal.isEmpty()) {
            return;
        }
        Programs.Answer removed = xtables.run(family, Tool.RESTORE, removal, List.of("--noflush"));
        if (!removed.ok()) {
            log.warn(
                    "removing "
                            + family.title()
                            + " rules one by one, because together it failed: "
                            + removed.complaint());
            commands(family, planned.cleanupCommands());
        }
    }

    /** The input for iptables-restore that removes what is ours; empty if nothing is. */
    private String removal(SavedRules saved, List<IptablesRule> planned) {
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        for (ReadRule rule : outside(saved, planned)) {
            lines(tables, rule.table())
                    .append("-D ")
                    .append(rule.chain())
                    .append(' ')
                    .append(rule.text())
                    .append('\n');
        }
        for (String verb : List.of("-F ", "-X ")) {
            for (TableChain chain : saved.ownChains()) {
                lines(tables, chain.table()).append(verb).append(chain.chain()).append('\n');
            }
        }
        StringBuilder text = new StringBuilder();
        tables.forEach((name, lines) ->
                text.append('*').append(name).append('\n').append(lines).append("COMMIT\n"));
        return text.toString();
    }

    private static StringBuilder lines(Map<String, StringBuilder> tables, String table) {
        return tables.computeIfAbsent(table, any -> new StringBuilder());
    }

    /** Rules of ours that stand in built-in chains, each as often as it was planned. */
    private List<ReadRule> outside(SavedRules saved, List<IptablesRule> planned) {
        List<ReadRule> expected = new ArrayList<>();
        for (IptablesRule rule : planned) {
            if (!rule.inOwnChain()) {
                expected.add(IptablesReader.read(rule.table(), rule.chain(), rule.text(), names));
            }
        }
        List<ReadRule> found = new ArrayList<>();
        for (ReadRule rule : saved.rules()) {
            if (rule.chain().startsWith(IptablesRule.OWN_PREFIX)) {
                continue;
            }
            boolean leads =
                    rule.action() instanceof Action.Jump(String target)
                            && target.startsWith(IptablesRule.OWN_PREFIX);
            boolean wanted = removeFirst(expected, rule);
            if (leads || wanted) {
                found.add(rule);
            }
        }
        return found;
    }

    private static boolean removeFirst(List<ReadRule> rules, ReadRule like) {
        for (int i = 0; i < rules.size(); i++) {
            if (rules.get(i).sameAs(like)) {
                rules.remove(i);
                return true;
            }
        }
        return false;
    }
}
