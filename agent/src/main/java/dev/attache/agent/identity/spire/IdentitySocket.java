package dev.attache.agent.identity.spire;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The socket of the workload's identity, and whether another process than this serves it: SPIRE's
 * agent, for instance. Looked at once, at the start, as Istio's agent does.
 *
 * @param path where it is
 * @param foreign whether somebody answers there: this agent then signs nothing and serves files
 *     only, by {@link #files}
 */
public record IdentitySocket(Path path, boolean foreign) {

    private static final String USUAL = "socket";

    /**
     * Looks. A socket of the usual name that nobody serves is removed, as the last process here
     * left it.
     *
     * @throws IllegalArgumentException if the variable names a path, not a file
     * @throws IOException if another name was asked for and nobody serves it, or what is there
     *     cannot be removed
     */
    public static IdentitySocket find(Environment environment, AgentFiles files)
            throws IOException {
        String name = environment.text("WORKLOAD_IDENTITY_SOCKET_FILE", USUAL);
        if (name.isEmpty() || name.contains("/")) {
            throw new IllegalArgumentException(
                    "workload identity socket file override must be a filename, not a path: "
                            + name);
        }
        Path path = files.identitySocketDirectory().resolve(name);
        if (answers(path)) {
            return new IdentitySocket(path, true);
        }
        if (!name.equals(USUAL)) {
            throw new IOException(
                    "agent is configured with a non-default SDS socket, but there is nobody who"
                            + " serves "
                            + path
                            + ": start it before this agent");
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(path)) {
            Files.delete(path);
        }
        return new IdentitySocket(path, false);
    }

    /** Where files are served to the proxy while another serves the identity. */
    public static Path files(AgentFiles files) {
        return files.at("var/run/secrets/credential-uds/files-socket");
    }

    /** A local socket is connected at once or not at all. */
    private static boolean answers(Path path) {
        if (!Files.exists(path) || Files.isRegularFile(path)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return false; // left behind by a process that is gone
        }
    }
}
