package dev.attache.proxy.transport;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one upstream connection asks of its transport socket beyond the cluster's configuration
 * (Envoy's {@code TransportSocketOptions}). Immutable; part of the pool key by {@code equals}.
 *
 * @param serverNameOverride SNI to send instead of the configured one
 * @param sanOverrides names of which the peer's certificate must carry one, exactly, instead of the
 *     configured matchers; empty = as configured
 * @param alpnOverride offered instead of the configured protocols; empty = no override
 * @param alpnFallback offered when neither an override nor the configuration names any (the HTTP
 *     protocols of the pool)
 * @param hostName the upstream host's name, for {@code auto_host_sni}
 * @param proxyHeader what a PROXY protocol transport tells the peer about the client
 */
public record TransportOptions(
        @Nullable String serverNameOverride,
        List<String> sanOverrides,
        List<String> alpnOverride,
        List<String> alpnFallback,
        @Nullable String hostName,
        @Nullable ProxyHeader proxyHeader) {

    public static final TransportOptions NONE =
            new TransportOptions(null, List.of(), List.of(), List.of(), null, null);

    public TransportOptions {
        sanOverrides = List.copyOf(sanOverrides);
        alpnOverride = List.copyOf(alpnOverride);
        alpnFallback = List.copyOf(alpnFallback);
    }

    public TransportOptions withAlpnFallback(List<String> protocols) {
        return new TransportOptions(
                serverNameOverride, sanOverrides, alpnOverride, protocols, hostName, proxyHeader);
    }

    public TransportOptions withHostName(@Nullable String name) {
        return new TransportOptions(
                serverNameOverride, sanOverrides, alpnOverride, alpnFallback, name, proxyHeader);
    }
}
