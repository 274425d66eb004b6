package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Policy.CgroupRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cgroup of version 2.
 *
 * @param path its directory
 * @param mount where the hierarchy is mounted
 */
record Cgroup(Path path, Path mount) {
    private static final Path MOUNTS = Path.of("/proc/self/mounts");

    /**
     * Finds the cgroup of a directory.
     *
     * @throws EbpfException if it is no directory of a version 2 hierarchy
     */
    static Cgroup of(String flag, Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw EbpfException.badFlag(
                    flag, directory.toString(), "there is no such directory", "name a cgroup");
        }
        return in(flag, directory.toRealPath());
    }

    /**
     * Returns the cgroup of a directory that need not exist any more.
     *
     * @throws EbpfException if it could be in no version 2 hierarchy
     */
    static Cgroup at(String flag, String directory) throws IOException {
        Path path = Path.of(directory);
        return in(flag, Files.exists(path) ? path.toRealPath() : path.toAbsolutePath().normalize());
    }

    private static Cgroup in(String flag, Path real) throws IOException {
        for (Path mount : mounts(Files.readString(MOUNTS))) {
            if (real.startsWith(mount)) {
                return new Cgroup(real, mount);
            }
        }
        throw EbpfException.badFlag(
                flag,
                real.toString(),
                "it is not in a cgroup hierarchy of version 2",
                "name a directory below one of " + mounts(Files.readString(MOUNTS)));
    }

    /**
     * Finds the cgroup of a systemd unit.
     *
     * @throws EbpfException if no hierarchy is mounted, or the unit does not run
     */
    static Cgroup ofUnit(String flag, String unit) throws IOException {
        String name = unitName(unit);
        for (Path mount : mounts(Files.readString(MOUNTS))) {
            Path found = find(mount, name);
            if (found != null) {
                return new Cgroup(found, mount);
            }
        }
        throw EbpfException.badFlag(
                flag,
                unit,
                "no cgroup of version 2 has that name",
                "start the unit first, or name its cgroup's directory");
    }

    /** Returns the full name of a unit, a service unless it says otherwise. */
    static String unitName(String unit) {
        return unit.contains(".") ? unit : unit + ".service";
    }

    private static @Nullable Path find(Path mount, String name) throws IOException {
        try (var paths = Files.find(mount, 8, (p, a) -> a.isDirectory() && p.endsWith(name))) {
            return paths.min(Comparator.comparingInt(Path::getNameCount)).orElse(null);
        }
    }

    /** Returns the mount points of version 2 hierarchies, the deepest first. */
    static List<Path> mounts(String mounts) {
        return mounts.lines()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1].replace("\\040", " ")))
                .sorted(Comparator.comparingInt(Path::getNameCount).reversed())
                .toList();
    }

    /** Returns the kernel's number of the cgroup, which is its directory's inode. */
    long id() throws IOException {
        return ((Number) Files.getAttribute(path, "unix:ino")).longValue();
    }

    /** Returns the cgroup as programs recognise it. */
    CgroupRef reference() throws IOException {
        return new CgroupRef(id(), mount.relativize(path).toString().isEmpty() ? 0 : depth());
    }

    private int depth() {
        return mount.relativize(path).getNameCount();
    }

    boolean contains(Cgroup other) {
        return other.path.startsWith(path);
    }

    /** Returns a name for a directory of pins, unique among the cgroups of this host. */
    String pinName() {
        String relative = mount.relativize(path).toString();
        return relative.isEmpty() ? "root" : pinName(relative);
    }

    /** A bpf file system keeps names with dots for itself. */
    static String pinName(String relative) {
        return relative.replace('/', '-').replace('.', '_');
    }
}
