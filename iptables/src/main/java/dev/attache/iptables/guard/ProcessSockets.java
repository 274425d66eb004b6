package dev.attache.iptables.guard;

import dev.attache.iptables.kernel.SocketTable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Asks the kernel whose the socket is at the client's end, and looks for it among the descriptors
 * of this process. Some microseconds, and a walk over the descriptors: for suspicions only. Where
 * the kernel does not answer, the addresses are believed.
 */
public final class ProcessSockets implements OwnSockets {
    private static final Path SELF = Path.of("/proc/self");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @Override
    public Answer opened(
            InetSocketAddress client, InetSocketAddress listener, InetSocketAddress target) {
        try {
            // A socket that eBPF redirected is really connected to the listener. One that
            // netfilter redirected still shows its target.
            SocketTable.Entry entry = SocketTable.find(client, listener);
            if (entry == null) {
                entry = SocketTable.find(client, target);
            }
            if (entry == null) {
                return Answer.UNKNOWN;
            }
            boolean own = entry.user() == user() && holds(entry.inode());
            return own ? Answer.OWN : Answer.OTHER;
        } catch (IOException | UnsupportedOperationException unanswered) {
            return Answer.UNKNOWN;
        }
    }

    /** The user is compared first: it spares the walk where the application is another one. */
    private static long user() throws IOException {
        return (int) Files.getAttribute(SELF, "unix:uid") & 0xffffffffL;
    }

    private static boolean holds(long inode) throws IOException {
        String wanted = "socket:[" + inode + "]";
        try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path link : links) {
                if (wanted.equals(target(link))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        }
    }
}
