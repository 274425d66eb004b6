package dev.attache.iptables.apply;

import dev.attache.iptables.apply.IptablesInstaller.Outcome;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.capture.CaptureConfig;
import dev.attache.iptables.capture.Names;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.NftRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Brings the kernel's nftables rules to what is asked, in one transaction: either all of it happens
 * or nothing. Tables of an earlier run that are no longer wanted go in the same transaction. Used
 * once, by one thread.
 */
public final class NftInstaller {
    private static final int[] OLDEST = {1, 0, 1};

    private final CaptureConfig config;
    private final NftRules wanted;
    private final Programs programs;
    private final Names names;
    private final Log log;

    public NftInstaller(
            CaptureConfig config, NftRules wanted, Programs programs, Names names, Log log) {
        this.config = config;
        this.wanted = wanted;
        this.programs = programs;
        this.names = names;
        this.log = log;
    }

    /**
     * Does what the configuration's operation asks.
     *
     * @throws BadInput if nft is missing or too old
     * @throws ApplyException if the kernel refused; nothing was changed then
     */
    public Outcome run() throws BadInput, ApplyException {
        checkVersion();
        if (config.operation().cleanupOnly()) {
            log.info("Removing the nftables tables");
            transact(NftRules.cleanupTransaction());
            return Outcome.REMOVED;
        }
        List<NftTable> present = present();
        if (!config.operation().forceApply() && asWanted(present)) {
            log.info("The nftables rules are in place, nothing to do");
            return Outcome.UNCHANGED;
        }
        String transaction = staleTables(present) + wanted.transaction() + staleChains(present);
        transact(transaction);
        log.info("nftables rules programmed:\n" + transaction);
        return present.isEmpty() ? Outcome.INSTALLED : Outcome.REPLACED;
    }

    private void checkVersion() throws BadInput {
        try {
            Programs.Answer answer = programs.run(List.of("nft", "--version"), "", Map.of());
            List<Integer> version = XtablesDetector.version(answer.out());
            if (!new XtablesBinary("nft", version, false, false, "").atLeast(OLDEST)) {
                throw BadInput.host(
                        "--native-nftables needs nft 1.0.1 or later, found \""
                                + answer.out().strip()
                                + "\"",
                        "install a newer nftables or leave out --native-nftables");
            }
        } catch (IOException e) {
            throw BadInput.host(
                    "--native-nftables is set, but the nft binary is missing",
                    "install nftables or leave out --native-nftables");
        }
    }

    /** The tables of ours that the kernel holds. */
    private List<NftTable> present() {
        List<NftTable> found = new ArrayList<>();
        for (String table : NftRules.TABLES) {
            NftTable listed = NftTable.list(programs, table, names);
            if (listed != null) {
                found.add(listed);
            }
        }
        return found;
    }

    private boolean asWanted(List<NftTable> present) {
        return !present.isEmpty() && NftDrift.between(wanted, present, names).none();
    }

    private String staleTables(List<NftTable> present) {
        StringBuilder text = new StringBuilder();
        for (NftTable table : present) {
            boolean used =
                    wanted.rules().stream().anyMatch(rule -> rule.table().equals(table.name()));
            if (!used) {
                text.append("delete table inet ").append(table.name()).append('\n');
            }
        }
        return text.toString();
    }

    /** Chains that the flushing of their table leaves empty and that no rule jumps to any more. */
    private String staleChains(List<NftTable> present) {
        StringBuilder text = new StringBuilder();
        for (NftTable table : present) {
            boolean tableUsed =
                    wanted.rules().stream().anyMatch(rule -> rule.table().equals(table.name()));
            for (String chain : table.chains().keySet()) {
                if (tableUsed && wanted.ordered(table.name(), chain).isEmpty()) {
                    text.append("delete chain inet ")
                            .append(table.name())
                            .append(' ')
                            .append(chain)
                            .append('\n');
                }
            }
        }
        return text.toString();
    }

    private void transact(String text) throws ApplyException {
        try {
            Programs.Answer answer = programs.run(List.of("nft", "-f", "-"), text, Map.of());
            if (!answer.ok()) {
                throw Complaint.of("nft", answer, config);
            }
        } catch (IOException e) {
            throw new ApplyException("nft cannot be run: " + e.getMessage());
        }
    }
}
