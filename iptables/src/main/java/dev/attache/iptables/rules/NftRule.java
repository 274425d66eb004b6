package dev.attache.iptables.rules;

/**
 * One nftables rule of an inet table. Immutable.
 *
 * @param table table name
 * @param chain chain name
 * @param index 0-based place to insert at, or -1 to append
 * @param text matches and statements, words separated by blanks
 */
public record NftRule(String table, String chain, int index, String text) {
    String line(int index) {
        String where = table + " " + chain + " ";
        return index < 0
                ? "add rule inet " + where + text
                : "insert rule inet " + where + "index " + index + " " + text;
    }
}
