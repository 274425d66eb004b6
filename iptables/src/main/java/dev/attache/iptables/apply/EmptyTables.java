package dev.attache.iptables.apply;

import dev.attache.iptables.apply.Xtables.Tool;
import dev.attache.iptables.log.Log;
import dev.attache.iptables.rules.Family;
import java.util.ArrayList;
import java.util.List;

/**
 * After a cleanup, removes built-in chains that iptables-nft made and that hold nothing: no rule,
 * no other chain in the table, policy ACCEPT. Such a chain is a hook the kernel runs for nothing.
 * iptables-legacy cannot remove them and has none to remove. Used by one thread.
 */
final class EmptyTables {
    private final Xtables xtables;
    private final Log log;

    EmptyTables(Xtables xtables, Log log) {
        this.xtables = xtables;
        this.log = log;
    }

    void remove(Family family) {
        if (!xtables.has(family) || !xtables.nftBased(family)) {
            return;
        }
        Programs.Answer saved = xtables.run(family, Tool.SAVE, "", List.of());
        for (List<String> block : blocks(saved.out())) {
            for (String chain : removable(block)) {
                Programs.Answer answer =
                        xtables.run(
                                family,
                                Tool.COMMAND,
                                "",
                                List.of("-t", block.getFirst().substring(1), "-X", chain));
                if (!answer.ok()) {
                    log.debug("left: " + answer.complaint());
                }
            }
        }
    }

    /** The lines of each table, the first being {@code *name}. */
    private static List<List<String>> blocks(String text) {
        List<List<String>> blocks = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("*")) {
                block = new ArrayList<>();
                blocks.add(block);
            }
            if (!line.startsWith("#") && !line.equals("COMMIT") && !line.isBlank()) {
                block.add(line);
            }
        }
        return blocks;
    }

    private static List<String> removable(List<String> block) {
        List<String> chains = new ArrayList<>();
        for (String line : block.subList(1, block.size())) {
            String[] words = line.split(" ", -1);
            if (!line.startsWith(":") || words.length < 2 || !words[1].equals("ACCEPT")) {
                return List.of();
            }
            chains.add(words[0].substring(1));
        }
        return chains;
    }
}
