package dev.attache.iptables.apply;

import dev.attache.iptables.rules.Family;
import java.util.List;

/** The iptables programs of one run: which binaries, with which lock, or none at all (dry run). */
public interface Xtables {
    /** The three programs of a set. */
    enum Tool {
        COMMAND(""),
        SAVE("-save"),
        RESTORE("-restore");

        private final String suffix;

        Tool(String suffix) {
            this.suffix = suffix;
        }

        String suffix() {
            return suffix;
        }
    }

    /** True if there is a usable set of binaries for the family. */
    boolean has(Family family);

    /** True if the family's binaries use nf_tables. */
    boolean nftBased(Family family);

    /** True if nothing is run and calls are only recorded. */
    boolean recordsOnly();

    /** The binary's name, for messages. */
    String name(Family family, Tool tool);

    /**
     * Runs one of the programs.
     *
     * @param input standard input, empty for none
     */
    Programs.Answer run(Family family, Tool tool, String input, List<String> arguments);
}
