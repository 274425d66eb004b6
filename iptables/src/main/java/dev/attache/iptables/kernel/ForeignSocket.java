package dev.attache.iptables.kernel;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds listening sockets of other processes and borrows their descriptors, by pidfd_getfd(2). */
public final class ForeignSocket {
    private static final Path PROC = Path.of("/proc");
    private static final String LISTEN = "0A";

    private ForeignSocket() {}

    /**
     * Opens descriptors of the TCP sockets that listen on {@code port} in the network namespace of
     * the calling thread. The caller closes them.
     *
     * @throws IOException if /proc cannot be read or a socket cannot be borrowed
     */
    public static Found listeners(int port) throws IOException {
        Set<String> wanted = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            Path path = PROC.resolve("thread-self/net").resolve(table);
            if (Files.exists(path)) {
                wanted.addAll(listening(Files.readString(path), port));
            }
        }
        List<Descriptor> found = new ArrayList<>();
        if (!wanted.isEmpty()) {
            try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
                for (Path process : processes) {
                    borrow(process, wanted, found);
                }
            }
        }
        return new Found(found, wanted.size());
    }

    /**
     * What was found.
     *
     * @param sockets descriptors for the caller to close
     * @param unreachable how many more there are, in processes that do not let us look
     */
    public record Found(List<Descriptor> sockets, int unreachable) {}

    /** Returns the targets of descriptor links, {@code socket:[inode]}, of a table's listeners. */
    static Set<String> listening(String table, int port) {
        Set<String> links = new HashSet<>();
        String suffix = String.format(":%04X", port);
        for (String line : table.lines().skip(1).toList()) {
            String[] fields = line.strip().split("\\s+");
            if (fields.length > 9 && fields[3].equals(LISTEN) && fields[1].endsWith(suffix)) {
                links.add("socket:[" + fields[9] + "]");
            }
        }
        return links;
    }

    private static void borrow(Path process, Set<String> wanted, List<Descriptor> found)
            throws IOException {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path link : links) {
                if (wanted.remove(Files.readSymbolicLink(link).toString())) {
                    int pid = Integer.parseInt(process.getFileName().toString());
                    found.add(borrow(pid, Integer.parseInt(link.getFileName().toString())));
                }
            }
        } catch (FileSystemException e) {
            // The process ended meanwhile, or does not let even root look (a sandbox's first
            // process). What it may hold stays in "wanted", and is reported from there.
            return;
        }
    }

    private static Descriptor borrow(int pid, int fd) throws KernelException {
        try (Descriptor process =
                new Descriptor(
                        SystemCall.PIDFD_OPEN.call("open process " + pid, pid, 0, 0, 0, 0))) {
            return new Descriptor(
                    SystemCall.PIDFD_GETFD.call(
                            "borrow descriptor " + fd + " of process " + pid,
                            process.number(),
                            fd,
                            0,
                            0,
                            0));
        }
    }
}
