package dev.attache.agent.bootstrap.node;

import dev.attache.agent.environment.AgentFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** The socket by which another process gives gateways their secrets. */
public final class CredentialSocket {

    private CredentialSocket() {}

    /**
     * Whether somebody answers there. One that nobody serves is removed, as Istio's agent does.
     *
     * @throws IOException if it cannot be removed
     */
    public static boolean answers(AgentFiles files) throws IOException {
        Path path = files.at("var/run/secrets/credential-uds/socket");
        if (!Files.exists(path) || Files.isRegularFile(path)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            Files.delete(path);
            return false;
        }
    }
}
