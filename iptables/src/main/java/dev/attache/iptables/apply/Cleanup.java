package dev.attache.iptables.apply;

import dev.attache.iptables.apply.Xtables.Tool;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.model.Action;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.IptablesRules.TableChain;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removes rules: first by the commands that undo an installation with known flags, then whatever
 * chains of ours are still there, however they came, in one restore. Used by one thread.
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

    /** Removes the chains of ours that are left, and the rules that lead to them. */
    void leftovers(Family family) {
        Programs.Answer answer = xtables.run(family, Tool.SAVE, "", List.of());
        SavedRules saved = SavedRules.parse(answer.ok() ? answer.out() : "", names);
        if (saved.ownChains().isEmpty()) {
            return;
        }
        Programs.Answer removed =
                xtables.run(family, Tool.RESTORE, removal(saved), List.of("--noflush"));
        if (!removed.ok()) {
            log.warn("some " + family.title() + " chains are left: " + removed.complaint());
        }
    }

    private static String removal(SavedRules saved) {
        Map<String, StringBuilder> tables = new LinkedHashMap<>();
        for (TableChain chain : saved.ownChains()) {
            tables.putIfAbsent(chain.table(), new StringBuilder());
        }
        for (ReadRule rule : saved.rules()) {
            StringBuilder table = tables.get(rule.table());
            if (table != null
                    && !rule.chain().startsWith(IptablesRule.OWN_PREFIX)
                    && rule.action() instanceof Action.Jump(String target)
                    && target.startsWith(IptablesRule.OWN_PREFIX)) {
                table.append("-D ").append(rule.chain()).append(' ').append(rule.text()).append(
                        '\n');
            }
        }
        for (String verb : List.of("-F ", "-X ")) {
            for (TableChain chain : saved.ownChains()) {
                StringBuilder table = tables.get(chain.table());
                if (table != null) {
                    table.append(verb).append(chain.chain()).append('\n');
                }
            }
        }
        StringBuilder text = new StringBuilder();
        tables.forEach(
                (name, lines) ->
                        text.append('*').append(name).append('\n').append(lines).append(
                                "COMMIT\n"));
        return text.toString();
    }
}
