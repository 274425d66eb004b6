package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Counter;
import dev.attache.iptables.kernel.BpfLink;
import dev.attache.iptables.kernel.BpfProgram;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Prints what an attachment has done: its own counters, and how often the kernel has run each
 * program, which the kernel counts while {@code kernel.bpf_stats_enabled} is 1.
 */
final class Statistics {
    private static final Path ENABLED = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    private final Pins pins;
    private final PrintStream out;

    Statistics(Pins pins, PrintStream out) {
        this.pins = pins;
        this.out = out;
    }

    /** Prints {@code name value} lines. */
    void print() throws IOException {
        if (!Files.isDirectory(pins.directory())) {
            throw EbpfException.usage("nothing is attached at " + pins + "; attach first");
        }
        try (PinnedMaps maps = PinnedMaps.openExisting(pins)) {
            for (Map.Entry<Counter, Long> each : Status.counters(maps).entrySet()) {
                String name = each.getKey().name().toLowerCase(Locale.ROOT);
                out.println(name + " " + each.getValue());
            }
        }
        for (Path pin : pinned()) {
            String name = pin.getFileName().toString();
            if (name.startsWith("link_")) {
                try (BpfLink link = BpfLink.open(pin);
                        BpfProgram program = BpfProgram.ofId(link.info().programId())) {
                    print(name.substring("link_".length()), program.info());
                }
            } else if (name.startsWith("prog_")) {
                try (BpfProgram program = BpfProgram.open(pin)) {
                    print(name.substring("prog_".length()), program.info());
                }
            }
        }
        if (!Files.exists(ENABLED) || !Files.readString(ENABLED).strip().equals("1")) {
            out.println("# runs are counted while kernel.bpf_stats_enabled is 1 (sysctl)");
        }
    }

    private List<Path> pinned() throws IOException {
        try (Stream<Path> all = Files.list(pins.directory())) {
            return all.sorted().toList();
        }
    }

    private void print(String name, BpfProgram.ProgramInfo info) {
        out.println("program." + name + ".runs " + info.runs());
        out.println("program." + name + ".nanoseconds " + info.nanos());
    }
}
