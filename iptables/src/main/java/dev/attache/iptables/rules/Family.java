package dev.attache.iptables.rules;

/** Address family of a rule set. iptables keeps one per family; nftables' inet tables hold both. */
public enum Family {
    V4("iptables", "IPv4"),
    V6("ip6tables", "IPv6");

    private final String command;
    private final String title;

    Family(String command, String title) {
        this.command = command;
        this.title = title;
    }

    /** The plain name of this family's program. */
    public String command() {
        return command;
    }

    /** For log lines. */
    public String title() {
        return title;
    }
}
