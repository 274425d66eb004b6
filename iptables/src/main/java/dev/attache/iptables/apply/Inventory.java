package dev.attache.iptables.apply;

import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.Family;
import dev.attache.iptables.rules.IptablesRule;
import dev.attache.iptables.rules.NftRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything of ours that the packet filters of this network namespace hold, whatever installed it.
 * Looks, changes nothing. Stateless.
 */
public final class Inventory {
    private final Programs programs;
    private final Names names;

    public Inventory(Programs programs, Names names) {
        this.programs = programs;
        this.names = names;
    }

    /**
     * One backend with something of ours in it.
     *
     * @param backend iptables-legacy, iptables-nft, iptables (and the ip6tables of each), nft
     * @param family the family, null if both are in one
     * @param saved for iptables, the rules as saved
     * @param tables for nft, the tables of ours
     */
    public record Found(
            String backend,
            @Nullable Family family,
            @Nullable SavedRules saved,
            List<NftTable> tables) {
        /** All rules, those of others included, in the order of each chain. */
        public List<ReadRule> rules() {
            if (saved != null) {
                return saved.rules();
            }
            List<ReadRule> rules = new ArrayList<>();
            for (NftTable table : tables) {
                table.chains().values().forEach(rules::addAll);
            }
            return rules;
        }

        /** Rules in chains of ours, and the number of such chains. */
        public String summary() {
            int chains = saved == null ? 0 : saved.ownChains().size();
            for (NftTable table : tables) {
                chains += table.chains().size();
            }
            long own =
                    rules().stream()
                            .filter(rule ->
                                    saved == null
                                            || rule.chain().startsWith(IptablesRule.OWN_PREFIX))
                            .count();
            return chains + " chains, " + own + " rules";
        }
    }

    /** What there is; empty if nothing of ours is installed. */
    public List<Found> look() {
        List<Found> found = new ArrayList<>();
        for (Family family : Family.values()) {
            boolean suffixed = false;
            for (String kind : List.of("-legacy", "-nft")) {
                suffixed |= addIptables(family.command() + kind, family, found);
            }
            if (!suffixed) {
                addIptables(family.command(), family, found);
            }
        }
        List<NftTable> tables = new ArrayList<>();
        for (String name : NftRules.TABLES) {
            NftTable table = NftTable.list(programs, name, names);
            if (table != null) {
                tables.add(table);
            }
        }
        if (!tables.isEmpty()) {
            found.add(new Found("nft", null, null, List.copyOf(tables)));
        }
        return found;
    }

    /** True if the binary is there. */
    private boolean addIptables(String name, Family family, List<Found> found) {
        try {
            Programs.Answer answer = programs.run(List.of(name + "-save"), "", Map.of());
            if (answer.ok()) {
                SavedRules saved = SavedRules.parse(answer.out(), names);
                if (!saved.ownChains().isEmpty()) {
                    found.add(new Found(name, family, saved, List.of()));
                }
            }
            return true;
        } catch (IOException e) {
            return false; // not installed, hence it holds nothing
        }
    }
}
