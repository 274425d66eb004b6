package dev.attache.iptables.apply;

import java.util.List;

/**
 * A set of iptables binaries. Immutable.
 *
 * @param name of the command; {@code -save} and {@code -restore} are its companions
 * @param version numbers of its version, empty if too old to tell
 * @param legacy true for the old kernel interface, false for nf_tables
 * @param hasRules true if it sees rules in this network namespace
 */
public record XtablesBinary(
        String name, List<Integer> version, boolean legacy, boolean hasRules) {
    boolean atLeast(int[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            int have = i < version.size() ? version.get(i) : 0;
            if (have != wanted[i]) {
                return have > wanted[i];
            }
        }
        return true;
    }

    /** Version and kind, for messages. */
    public String describe() {
        StringBuilder text = new StringBuilder(name).append(' ');
        for (int i = 0; i < version.size(); i++) {
            text.append(i == 0 ? "" : ".").append(version.get(i));
        }
        return text + (legacy ? " (legacy)" : " (nf_tables)");
    }
}
