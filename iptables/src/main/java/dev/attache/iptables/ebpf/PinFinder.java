package dev.attache.iptables.ebpf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the pins that the flags mean, also when the cgroup or the unit is gone by now. */
final class PinFinder {
    private final Flags flags;

    /** Where the directories of pins are, unless --pin-dir says otherwise. */
    private final Path root;

    PinFinder(Flags flags, Path root) {
        this.flags = flags;
        this.root = root;
    }

    Pins find() throws IOException {
        String directory = flags.text(Flag.PIN_DIR);
        String cgroup = flags.text(Flag.CGROUP);
        String unit = flags.text(Flag.UNIT);
        if (!directory.isEmpty()) {
            return new Pins(Path.of(directory));
        }
        if (!cgroup.isEmpty()) {
            return new Pins(root.resolve(Cgroup.at(Flag.CGROUP.spelling(), cgroup).pinName()));
        }
        if (!unit.isEmpty()) {
            return ofUnit(Cgroup.unitName(unit));
        }
        throw EbpfException.usage("whose connections? Give --cgroup, --unit or --pin-dir");
    }

    private Pins ofUnit(String unit) throws IOException {
        String name = Cgroup.pinName(unit);
        for (Path directory : directories()) {
            String candidate = directory.getFileName().toString();
            if (candidate.equals(name) || candidate.endsWith("-" + name)) {
                return new Pins(directory);
            }
        }
        return new Pins(root.resolve(name));
    }

    private List<Path> directories() throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(root)) {
            return directories.sorted().toList();
        }
    }
}
