package dev.attache.proxy.listener.spec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is set on a listener's sockets. Immutable. Null = leave the kernel's setting alone, which is
 * not the same as false.
 *
 * @param reusePort one socket per worker; Envoy's default true
 * @param transparent IP_TRANSPARENT
 * @param freebind IP_FREEBIND
 * @param fastOpenQueueLength TCP_FASTOPEN; 0 switches it off
 * @param backlog listen(2)'s; null = net.core.somaxconn
 * @param ipv4Compat an IPv6 wildcard socket also takes IPv4
 * @param keepalive on accepted connections, or null
 * @param mptcp multipath TCP
 * @param options further options, in order
 */
public record SocketSettings(
        boolean reusePort,
        @Nullable Boolean transparent,
        @Nullable Boolean freebind,
        @Nullable Integer fastOpenQueueLength,
        @Nullable Integer backlog,
        boolean ipv4Compat,
        @Nullable TcpKeepalive keepalive,
        boolean mptcp,
        List<SocketOption> options) {

    public static final SocketSettings DEFAULTS =
            new SocketSettings(true, null, null, null, null, false, null, false, List.of());

    public SocketSettings {
        options = List.copyOf(options);
    }

    /** {@code core.v3.TcpKeepalive}; null = the kernel's. Times in seconds. */
    public record TcpKeepalive(
            @Nullable Integer probes, @Nullable Integer time, @Nullable Integer interval) {}
}
