package dev.attache.xds.stream;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Services of this process that a configuration names by the path of a Unix socket: whoever embeds
 * the proxy serves them by gRPC's in-process transport under a name, and connections to the path in
 * plain text go there instead of to the socket. Paths that are not announced are sockets as ever.
 *
 * <p>The server must run its calls on threads of its own, never directly on the caller's: requests
 * are sent on the main loop. Immutable; any thread.
 */
public final class LocalServices {

    /** Nothing is announced. */
    public static final LocalServices NONE = new LocalServices(Map.of());

    private final Map<Path, String> servers = new HashMap<>();

    /**
     * @param servers the in-process server's name by the path of its socket, as the configuration
     *     writes it; {@code ./a/b} and {@code a/b} are one path
     */
    public LocalServices(Map<String, String> servers) {
        servers.forEach((path, name) -> this.servers.put(Path.of(path).normalize(), name));
    }

    /** Name of the in-process server that stands for the address, or null for none. */
    @Nullable String serverAt(SocketAddress address) {
        if (servers.isEmpty()
                || !(address instanceof DomainSocketAddress socket)
                || socket.path().indexOf('\0') >= 0) {
            return null;
        }
        return servers.get(Path.of(socket.path()).normalize());
    }
}
