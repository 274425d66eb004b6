package dev.attache.iptables.ebpf.program;

/** What the programs count, by its index in the map of counters. */
public enum Counter {
    OUTBOUND("connections of the application sent to the proxy"),
    SELF_INBOUND("connections of the proxy to its own host sent to its inbound port"),
    INBOUND("connections from outside sent to the proxy"),
    INBOUND_REFUSED("connections from outside refused because the proxy does not listen"),
    DNS("queries sent to the proxy, one per connect or datagram"),
    PROXY("connections of the proxy let through"),
    LOOP_REFUSED("connections of the proxy to its own ports refused"),
    LOOP_UNNAMED("connections refused because their process accepts redirected ones, unnamed"),
    NO_MEMORY("connections refused because the original destination found no memory"),
    ORIGINAL_ASKED("original destinations told to the proxy"),
    SHORTCUT_MESSAGES("messages that skipped the TCP stack"),
    SHORTCUT_BYTES("bytes that skipped the TCP stack"),
    TCP_MESSAGES("messages of local connections that went through the TCP stack");

    private final String meaning;

    Counter(String meaning) {
        this.meaning = meaning;
    }

    /** Returns what one more of it means. */
    public String meaning() {
        return meaning;
    }
}
