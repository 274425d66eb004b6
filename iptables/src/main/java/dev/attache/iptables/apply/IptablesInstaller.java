package dev.attache.iptables.apply;

import dev.attache.iptables.apply.Xtables.Tool;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesPair;
import dev.attache.iptables.rules.IptablesRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the kernel's iptables rules to what is asked: looks, then installs, replaces, removes or
 * leaves alone. One restore per family; if one fails, what the run changed is taken back. Used
 * once, by one thread.
 */
public final class IptablesInstaller {
    /** What a run did. */
    public enum Outcome {
        INSTALLED,
        REPLACED,
        UNCHANGED,
        REMOVED
    }

    private final CaptureConfig config;
    private final IptablesPair wanted;
    private final Xtables xtables;
    private final Names names;
    private final Log log;
    private @Nullable IptablesPair former;
    private final EnumMap<Family, SavedRules> before = new EnumMap<>(Family.class);

    public IptablesInstaller(
            CaptureConfig config, IptablesPair wanted, Xtables xtables, Names names, Log log) {
        this.config = config;
        this.wanted = wanted;
        this.xtables = xtables;
        this.names = names;
        this.log = log;
    }

    /** Has a cleanup or replacement remove the rules of an earlier installation as well. */
    public IptablesInstaller replacing(@Nullable IptablesPair earlier) {
        former = earlier;
        return this;
    }

    /**
     * Does what the configuration's operation asks.
     *
     * @throws ApplyException if the kernel refused; the rules are then as they were before
     */
    public Outcome run() throws ApplyException {
        try {
            return change();
        } finally {
            boolean wantState = xtables.recordsOnly() || log.showsDebug();
            for (Family family : wantState ? families() : List.<Family>of()) {
                Programs.Answer state = xtables.run(family, Tool.SAVE, "", List.of());
                log.debug("Final iptables state (" + family.title() + "):\n" + state.out());
            }
        }
    }

    private List<Family> families() {
        return config.ipv6() ? List.of(Family.V4, Family.V6) : List.of(Family.V4);
    }

    private Outcome change() throws ApplyException {
        boolean differs = look();
        CaptureConfig.Operation operation = config.operation();
        if (operation.cleanupOnly()) {
            log.info("Performing cleanup of existing iptables");
            cleanUp();
            removeEmptyTables();
            return Outcome.REMOVED;
        }
        boolean present = ownChainsPresent();
        if (!differs && !operation.forceApply()) {
            log.info("Found compatible residues of old iptables rules/chains, nothing to do");
            return Outcome.UNCHANGED;
        }
        if (!present) {
            log.info("Applying iptables chains and rules");
            restoreAll();
            return Outcome.INSTALLED;
        }
        if (!operation.reconcile() && !operation.forceApply()) {
            throw new ApplyException(
                    "other rules of this kind are installed:\n  "
                            + String.join("\n  ", driftLines())
                            + "\nadd --reconcile to replace them or run with --cleanup-only first;"
                            + " nothing was changed");
        }
        replace();
        return Outcome.REPLACED;
    }

    /** Reads both families; true if something has to change. */
    private boolean look() {
        boolean residue = false;
        boolean differs = false;
        for (Family family : Family.values()) {
            Programs.Answer answer = xtables.run(family, Tool.SAVE, "", List.of());
            if (!answer.ok()) {
                log.debug("[" + family.title() + "] save failed: " + answer.complaint());
            }
            SavedRules saved = SavedRules.parse(answer.ok() ? answer.out() : "", names);
            before.put(family, saved);
            IptablesRules rules = wanted.of(family);
            boolean ours = !saved.ownChains().isEmpty();
            residue |= ours && !rules.isEmpty();
            differs |= rules.isEmpty() ? ours : !ours || familyDiffers(family, rules, saved);
        }
        return !residue || differs;
    }

    private boolean familyDiffers(Family family, IptablesRules rules, SavedRules saved) {
        Drift drift = Drift.between(rules, saved, names);
        if (drift.none()) {
            return false;
        }
        drift.lines().forEach(line -> log.debug("[" + family.title() + "] " + line));
        return drift.certain() || checkFails(family, rules, saved);
    }

    /** The slow way, for rules only iptables itself understands: count, then ask for each. */
    private boolean checkFails(Family family, IptablesRules rules, SavedRules saved) {
        if (!saved.ownChains().equals(rules.newChains())) {
            return true;
        }
        for (IptablesRules.TableChain chain : saved.ownChains()) {
            long planned =
                    rules.rules().stream()
                            .filter(rule ->
                                    rule.chain().equals(chain.chain())
                                            && rule.table().equals(chain.table()))
                            .count();
            if (planned != saved.in(chain.table(), chain.chain()).size()) {
                return true;
            }
        }
        for (var rule : rules.rules()) {
            if (!xtables.run(family, Tool.COMMAND, "", rule.command("-C")).ok()) {
                return true;
            }
        }
        return false;
    }

    private boolean ownChainsPresent() {
        for (SavedRules saved : before.values()) {
            if (!saved.ownChains().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<String> driftLines() {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Family, SavedRules> entry : before.entrySet()) {
            Drift drift = Drift.between(wanted.of(entry.getKey()), entry.getValue(), names);
            for (String line : drift.lines()) {
                lines.add(entry.getKey().title() + " " + line);
            }
        }
        int shown = 10;
        if (lines.size() > shown) {
            int more = lines.size() - shown;
            lines = lines.subList(0, shown);
            lines.add("and " + more + " more; \"attache intercept status\" lists them all");
        }
        return lines;
    }

    private void cleanUp() {
        Cleanup cleanup = new Cleanup(xtables, names, log);
        if (xtables.recordsOnly()) {
            for (Family family : families()) {
                cleanup.commands(family, wanted.of(family).cleanupCommands());
            }
            return;
        }
        for (Family family : Family.values()) {
            if (xtables.has(family)) {
                cleanup.remove(
                        family, wanted.of(family), former == null ? null : former.of(family));
            }
        }
    }

    private void removeEmptyTables() {
        if (!xtables.recordsOnly()) {
            for (Family family : Family.values()) {
                new EmptyTables(xtables, log).remove(family);
            }
        }
    }

    private void replace() throws ApplyException {
        log.info("Setting up guardrails");
        for (Family family : families()) {
            quietly(family, IptablesRules.guardRailCleanupCommands());
        }
        try {
            for (Family family : families()) {
                for (List<String> command : IptablesRules.guardRailCommands()) {
                    Programs.Answer answer = xtables.run(family, Tool.COMMAND, "", command);
                    if (!answer.ok()) {
                        throw Complaint.of(xtables.name(family, Tool.COMMAND), answer, config);
                    }
                }
            }
            log.info("Performing cleanup of existing iptables");
            cleanUp();
            log.info("Applying iptables chains and rules");
            restoreAll();
        } finally {
            log.info("Removing guardrails");
            for (Family family : families()) {
                quietly(family, IptablesRules.guardRailCleanupCommands());
            }
        }
    }

    private void quietly(Family family, List<List<String>> commands) {
        for (List<String> command : commands) {
            Programs.Answer answer = xtables.run(family, Tool.COMMAND, "", command);
            if (!answer.ok()) {
                log.debug("ignored: " + answer.complaint());
            }
        }
    }

    private void restoreAll() throws ApplyException {
        for (Family family : families()) {
            String text = wanted.of(family).restoreText();
            String name = xtables.name(family, Tool.RESTORE);
            log.info(
                    "Running iptables restore with: "
                            + name
                            + " and the following input:\n"
                            + text.strip());
            Programs.Answer answer = xtables.run(family, Tool.RESTORE, text, List.of("--noflush"));
            if (!answer.ok()) {
                takeBack();
                throw Complaint.of(name, answer, config);
            }
        }
    }

    /** Removes what a failed run may have installed and brings back what it had removed. */
    private void takeBack() {
        log.info("Taking back what was changed");
        cleanUp();
        for (Family family : families()) {
            SavedRules saved = before.get(family);
            if (saved != null && !saved.ownChains().isEmpty()) {
                Programs.Answer answer = xtables.run(family, Tool.RESTORE, saved.text(), List.of());
                if (!answer.ok()) {
                    log.error("could not bring back the former rules: " + answer.complaint());
                }
            }
        }
    }
}
