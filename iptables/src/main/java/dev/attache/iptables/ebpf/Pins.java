package dev.attache.iptables.ebpf;

import java.nio.file.Path;

/**
 * The names of what is pinned for one attachment.
 *
 * @param directory on a bpf file system
 */
record Pins(Path directory) {
    Path link(String hook) {
        return directory.resolve("link_" + hook);
    }

    Path program(String hook) {
        return directory.resolve("prog_" + hook);
    }

    Path map(String map) {
        return directory.resolve("map_" + map);
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
