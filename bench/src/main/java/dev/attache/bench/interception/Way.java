package dev.attache.bench.interception;

import java.util.List;
import java.util.Locale;

/** A way of interception, by the flags that install it. */
enum Way {
    IPTABLES("iptables", List.of()),
    NFTABLES("iptables", List.of("--native-nftables")),
    EBPF("ebpf", List.of()),
    EBPF_WITHOUT_SOCKMAP("ebpf", List.of("--no-sockmap"));

    private final String command;
    private final List<String> flags;

    Way(String command, List<String> flags) {
        this.command = command;
        this.flags = flags;
    }

    boolean isEbpf() {
        return command.equals("ebpf");
    }

    List<String> flags() {
        return flags;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
