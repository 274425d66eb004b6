package dev.attache.iptables.apply;

import java.util.List;

/**
 * A set of iptables binaries. Immutable.
 *
 * @param name of the command; {@code -save} and {@code -restore} are its companions
 * @param version numbers of its version, empty if too old to tell
 * @param legacy true for the old kernel interface, false for nf_tables
 * @param hasRules true if it sees rules in this network namespace
 * @param saved what its save program printed when it was examined
 */
public record XtablesBinary(
        String name, List<Integer> version, boolean legacy, boolean hasRules, String saved) {
    boolean atLeast(int[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            int have = i < version.size() ? version.get(i) : 0;
            if (have != wanted[i]) {
                return have > wanted[i];
            }
        }
        return true;
    }
}
