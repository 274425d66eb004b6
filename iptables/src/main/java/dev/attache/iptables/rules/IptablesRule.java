package dev.attache.iptables.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * One iptables rule. Immutable.
 *
 * @param table filter, mangle, nat or raw
 * @param chain the chain it stands in
 * @param position 0 to append, else the 1-based place to insert at
 * @param text matches and target, words separated by blanks
 */
public record IptablesRule(String table, String chain, int position, String text) {
    /** Prefix of every chain that is ours. */
    public static final String OWN_PREFIX = "ISTIO_";

    /** The line in iptables-restore's input. */
    public String restoreLine() {
        return position == 0
                ? "-A " + chain + " " + text
                : "-I " + chain + " " + position + " " + text;
    }

    /** Arguments of iptables that do this rule ({@code -A}, {@code -I}). */
    public List<String> command() {
        List<String> words = new ArrayList<>(List.of("-t", table));
        addWords(words, restoreLine());
        return words;
    }

    /** Arguments of iptables that do {@code verb} ({@code -C}, {@code -D}) to this rule. */
    public List<String> command(String verb) {
        List<String> words = new ArrayList<>(List.of("-t", table, verb, chain));
        addWords(words, text);
        return words;
    }

    private static void addWords(List<String> words, String text) {
        int at = 0;
        while (at < text.length()) {
            int blank = text.indexOf(' ', at);
            int end = blank < 0 ? text.length() : blank;
            if (end > at) {
                words.add(text.substring(at, end));
            }
            at = end + 1;
        }
    }

    /** True if it stands in a chain of ours, so that flushing the chain removes it. */
    public boolean inOwnChain() {
        return chain.startsWith(OWN_PREFIX);
    }

    /** True if its target is a chain of ours. */
    public boolean jumpsToOwnChain() {
        return text.startsWith("-j " + OWN_PREFIX) || text.contains(" -j " + OWN_PREFIX);
    }

    /** The word after a final {@code -j}, or the empty text if the rule does not end so. */
    public String finalJump() {
        int last = text.lastIndexOf(' ');
        int before = last < 0 ? -1 : text.lastIndexOf(' ', last - 1);
        return last > 0 && text.substring(before + 1, last).equals("-j")
                ? text.substring(last + 1)
                : "";
    }
}
