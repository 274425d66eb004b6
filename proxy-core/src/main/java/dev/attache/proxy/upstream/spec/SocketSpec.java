package dev.attache.proxy.upstream.spec;

import dev.attache.proxy.address.IpAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How upstream sockets are made: {@code upstream_bind_config} over the bootstrap's, {@code
 * upstream_connection_options}.
 *
 * @param sourceAddress to bind before connecting, or null; port 0 = any
 * @param extraSourceAddresses chosen instead where their IP version is the upstream's
 * @param freebind IP_FREEBIND: the source may be an address that the host does not own
 * @param keepalive null = SO_KEEPALIVE off
 */
public record SocketSpec(
        @Nullable IpAddress sourceAddress,
        List<IpAddress> extraSourceAddresses,
        boolean freebind,
        @Nullable Keepalive keepalive,
        List<SocketOption> options,
        HappyEyeballs happyEyeballs) {

    /**
     * {@code core.v3.TcpKeepalive}; 0 = the kernel's. Present but empty still means SO_KEEPALIVE.
     */
    public record Keepalive(int probes, int timeSeconds, int intervalSeconds) {}

    /**
     * {@code core.v3.SocketOption}: a raw setsockopt.
     *
     * @param value as the kernel reads it; an integer is four bytes of native order
     */
    public record SocketOption(int level, int name, byte[] value, State state, String description) {
        /** When it is applied. */
        public enum State {
            PREBIND,
            BOUND,
            LISTENING
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof SocketOption that
                    && level == that.level
                    && name == that.name
                    && state == that.state
                    && java.util.Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * level + name) + java.util.Arrays.hashCode(value);
        }
    }

    /** {@code happy_eyeballs_config}: which family goes first, and how many of it in a row. */
    public record HappyEyeballs(FirstFamily first, int firstFamilyCount) {
        /** {@code first_address_family_version}. */
        public enum FirstFamily {
            /** That of the first address. */
            AS_GIVEN,
            V4,
            V6
        }

        public static final HappyEyeballs DEFAULTS = new HappyEyeballs(FirstFamily.AS_GIVEN, 1);
    }

    public SocketSpec {
        extraSourceAddresses = List.copyOf(extraSourceAddresses);
        options = List.copyOf(options);
    }

    public static final SocketSpec DEFAULTS =
            new SocketSpec(null, List.of(), false, null, List.of(), HappyEyeballs.DEFAULTS);
}
