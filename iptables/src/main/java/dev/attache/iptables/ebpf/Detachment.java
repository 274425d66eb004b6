package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.kernel.BpfLink;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.Errno;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Takes an attachment away: first what sends connections to the proxy, then the short path, then
 * the maps. Nothing is left but open connections, which go on through TCP.
 */
final class Detachment {
    /** How long readers get to take up what already went the short path. */
    private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final String SELF = Flag.NETWORK_NAMESPACE.otherwise();

    private static final List<String> FIRST =
            List.of("connect4", "connect6", "sendmsg4", "sendmsg6", "sk_lookup");

    private final Pins pins;

    Detachment(Pins pins) {
        this.pins = pins;
    }

    /** Returns the names of the hooks that are pinned. */
    List<String> attached() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path pin : files()) {
            String name = pin.getFileName().toString();
            if (name.startsWith("link_") || name.startsWith("prog_")) {
                names.add(name.substring("link_".length()));
            }
        }
        return names;
    }

    private List<Path> files() throws IOException {
        if (!Files.isDirectory(pins.directory())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(pins.directory())) {
            return files.sorted().toList();
        }
    }

    /**
     * Takes all of it away.
     *
     * @return whether there was anything
     */
    boolean detach() throws IOException {
        if (!Files.isDirectory(pins.directory())) {
            return false;
        }
        List<String> names = attached();
        for (String name : FIRST) {
            if (names.contains(name)) {
                take(name);
            }
        }
        undoHost();
        for (String name : attached()) {
            take(name);
        }
        for (Path pin : files()) {
            Files.delete(pin);
        }
        Files.delete(pins.directory());
        removeCommonDirectory();
        return true;
    }

    /** Removes the directory that holds the pins of all attachments, after the last of them. */
    private void removeCommonDirectory() throws IOException {
        Path common = EbpfCommand.PINS;
        if (!pins.directory().startsWith(common) || !Files.isDirectory(common)) {
            return;
        }
        try {
            Files.delete(common);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // Another attachment uses it, or has just taken it away itself.
            return;
        }
    }

    /** Takes one hook off. */
    void take(String name) throws IOException {
        if (Files.exists(pins.link(name))) {
            try (BpfLink link = BpfLink.open(pins.link(name))) {
                link.detach();
            } catch (KernelException e) {
                if (e.errno() != Errno.ENOLINK && e.errno() != Errno.EOPNOTSUPP) {
                    throw e;
                }
                // The cgroup or namespace is gone, and the attachment with it.
            }
        }
        Files.deleteIfExists(pins.link(name));
        Files.deleteIfExists(pins.program(name));
    }

    /** Leads local connections back to TCP before their map goes, and gives back the address. */
    private void undoHost() throws IOException {
        try (PinnedMaps maps = PinnedMaps.openExisting(pins)) {
            BpfMap about = maps.find(Maps.ABOUT);
            if (about != null) {
                About record = About.read(about);
                if (record.get(About.SOURCE6) != null) {
                    removeInboundSource(Path.of(record.getOr(About.NAMESPACE, SELF)));
                }
            }
            BpfMap drain = maps.find(Maps.DRAIN);
            BpfMap pairs = maps.find(Maps.PAIRS);
            if (drain != null && pairs != null && !pairs.keys().isEmpty()) {
                drain.put(new byte[4], new byte[] {1, 0, 0, 0});
                LockSupport.parkNanos(DRAIN_NANOS);
            }
        }
    }

    private static void removeInboundSource(Path namespace) throws IOException {
        try {
            NetworkNamespace.in(
                    namespace,
                    () -> {
                        NetworkNamespace.removeLoopbackAddress(About.inboundSource6());
                        return true;
                    });
        } catch (KernelException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.EADDRNOTAVAIL) {
                throw e;
            }
            // The namespace is gone, or somebody else took the address away.
        }
    }
}
