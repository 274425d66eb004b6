package dev.attache.iptables.rules;

/**
 * The rules of both families, filled together. With IPv6 off, whatever is added to the IPv6 side is
 * dropped. Filled by one thread, then read only.
 */
public final class IptablesPair {
    private final boolean ipv6;
    private final String loopback;
    private final IptablesRules v4 = new IptablesRules();
    private final IptablesRules v6 = new IptablesRules();
    private final IptablesRules nowhere = new IptablesRules();

    /**
     * An empty pair.
     *
     * @param ipv6 keep IPv6 rules
     * @param loopback IPv4 range that stands for this host
     */
    public IptablesPair(boolean ipv6, String loopback) {
        this.ipv6 = ipv6;
        this.loopback = loopback;
    }

    /** Adds one rule to both families. */
    public void append(String table, String chain, String text) {
        v4.append(table, chain, text);
        v6().append(table, chain, text);
    }

    /** Inserts one rule in both families. */
    public void insert(String table, String chain, int position, String text) {
        v4.insert(table, chain, position, text);
        v6().insert(table, chain, position, text);
    }

    /** Adds a rule that names the loopback range of its family between two pieces of text. */
    void appendLoopback(String table, String chain, String before, String after) {
        v4.append(table, chain, before + loopback + after);
        v6().append(table, chain, before + "::1/128" + after);
    }

    public IptablesRules v4() {
        return v4;
    }

    /** The IPv6 rules; a throw-away set while IPv6 is off. */
    public IptablesRules v6() {
        return ipv6 ? v6 : nowhere;
    }

    /** The rules to install for a family; none for IPv6 while it is off. */
    public IptablesRules of(Family family) {
        return family == Family.V4 ? v4 : v6;
    }
}
