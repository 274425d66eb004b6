package dev.attache.iptables.apply;

import dev.attache.iptables.capture.Names;
import dev.attache.iptables.model.NftReader;
import dev.attache.iptables.model.ReadRule;
import dev.attache.iptables.rules.NftRule;
import dev.attache.iptables.rules.NftRules;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares installed nftables tables with wanted rules. Stateless. */
public final class NftDrift {
    private NftDrift() {}

    /** The differences; everything in tables of ours counts, because they hold nothing else. */
    public static Drift between(NftRules wanted, List<NftTable> present, Names names) {
        Drift drift = new Drift(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), true);
        Set<String> wantedChains = new LinkedHashSet<>();
        for (NftRule rule : wanted.rules()) {
            if (wantedChains.add(rule.table() + " " + rule.chain())) {
                compare(
                        read(wanted.ordered(rule.table(), rule.chain()), names),
                        installed(present, rule.table(), rule.chain()),
                        drift);
            }
        }
        for (NftTable table : present) {
            for (String chain : table.chains().keySet()) {
                if (!wantedChains.contains(table.name() + " " + chain)) {
                    drift.extra().add("chain " + chain + " in " + table.name());
                }
            }
        }
        return drift;
    }

    private static List<ReadRule> read(List<NftRule> rules, Names names) {
        List<ReadRule> read = new ArrayList<>();
        for (NftRule rule : rules) {
            read.add(NftReader.read(rule.table(), rule.chain(), rule.text(), names));
        }
        return read;
    }

    private static List<ReadRule> installed(List<NftTable> present, String table, String chain) {
        for (NftTable candidate : present) {
            if (candidate.name().equals(table)) {
                return candidate.chains().getOrDefault(chain, List.of());
            }
        }
        return List.of();
    }

    private static void compare(List<ReadRule> wanted, List<ReadRule> there, Drift drift) {
        List<ReadRule> left = new ArrayList<>(there);
        boolean shifted = false;
        for (ReadRule rule : wanted) {
            int place = -1;
            for (int i = 0; i < left.size() && place < 0; i++) {
                place = left.get(i).sameAs(rule) ? i : -1;
            }
            if (place < 0) {
                drift.missing().add(rule.table() + " " + rule.chain() + " " + rule.text());
                continue;
            }
            shifted |= place > 0;
            left.remove(place);
        }
        for (ReadRule rule : left) {
            drift.extra().add(rule.table() + " " + rule.chain() + " " + rule.text());
        }
        if (shifted && left.isEmpty()) {
            ReadRule first = wanted.getFirst();
            drift.misplaced().add("rules of " + first.table() + " " + first.chain());
        }
    }
}
