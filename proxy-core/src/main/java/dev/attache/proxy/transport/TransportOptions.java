package dev.attache.proxy.transport;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
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
 * @param shared filter state that goes to the upstream connection
 * @param source where the connection comes from, in place of this host; null = from here
 */
public record TransportOptions(
        @Nullable String serverNameOverride,
        List<String> sanOverrides,
        List<String> alpnOverride,
        List<String> alpnFallback,
        @Nullable String hostName,
        @Nullable ProxyHeader proxyHeader,
        SharedObjects shared,
        @Nullable UpstreamSource source) {

    /** Filter state keys by which filters set these options. */
    public static final String UPSTREAM_SERVER_NAME = "envoy.network.upstream_server_name";

    public static final String UPSTREAM_SUBJECT_ALT_NAMES =
            "envoy.network.upstream_subject_alt_names";
    public static final String APPLICATION_PROTOCOLS = "envoy.network.application_protocols";
    public static final String PROXY_PROTOCOL_OPTIONS = "envoy.network.proxy_protocol_options";

    public static final TransportOptions NONE =
            new TransportOptions(null, List.of(), List.of(), List.of(), null, null);

    /** Without filter state. */
    public TransportOptions(
            @Nullable String serverNameOverride,
            List<String> sanOverrides,
            List<String> alpnOverride,
            List<String> alpnFallback,
            @Nullable String hostName,
            @Nullable ProxyHeader proxyHeader) {
        this(
                serverNameOverride,
                sanOverrides,
                alpnOverride,
                alpnFallback,
                hostName,
                proxyHeader,
                SharedObjects.NONE,
                null);
    }

    public TransportOptions {
        sanOverrides = List.copyOf(sanOverrides);
        alpnOverride = List.copyOf(alpnOverride);
        alpnFallback = List.copyOf(alpnFallback);
    }

    /** What filters asked for under Envoy's filter state keys; {@link #NONE} where they did not. */
    public static TransportOptions from(FilterState state) {
        if (state.isEmpty()) {
            return NONE;
        }
        String serverName = text(state, UPSTREAM_SERVER_NAME);
        String sans = text(state, UPSTREAM_SUBJECT_ALT_NAMES);
        FilterState.Value alpn = state.get(APPLICATION_PROTOCOLS);
        ProxyHeader header =
                state.get(PROXY_PROTOCOL_OPTIONS) instanceof ProxyHeader known ? known : null;
        SharedObjects shared = SharedObjects.of(state);
        UpstreamSource source =
                state.get(UpstreamSource.KEY) instanceof UpstreamSource known ? known : null;
        if (serverName == null
                && sans == null
                && alpn == null
                && header == null
                && source == null) {
            return NONE.withShared(shared);
        }
        return new TransportOptions(
                serverName, list(sans), names(alpn), List.of(), null, header, shared, source);
    }

    private static @Nullable String text(FilterState state, String key) {
        FilterState.Value value = state.get(key);
        return value == null ? null : value.serializeAsString();
    }

    private static List<String> names(FilterState.@Nullable Value value) {
        return value instanceof StateValue.Names names
                ? names.values()
                : list(value == null ? null : value.serializeAsString());
    }

    private static List<String> list(@Nullable String commaSeparated) {
        return commaSeparated == null || commaSeparated.isEmpty()
                ? List.of()
                : List.of(commaSeparated.split(","));
    }

    public TransportOptions withAlpnFallback(List<String> protocols) {
        return new TransportOptions(
                serverNameOverride,
                sanOverrides,
                alpnOverride,
                protocols,
                hostName,
                proxyHeader,
                shared,
                source);
    }

    public TransportOptions withHostName(@Nullable String name) {
        return new TransportOptions(
                serverNameOverride,
                sanOverrides,
                alpnOverride,
                alpnFallback,
                name,
                proxyHeader,
                shared,
                source);
    }

    /** With what is told of the client, or null. */
    public TransportOptions withProxyHeader(@Nullable ProxyHeader header) {
        return new TransportOptions(
                serverNameOverride,
                sanOverrides,
                alpnOverride,
                alpnFallback,
                hostName,
                header,
                shared,
                source);
    }

    /** With filter state that goes to the upstream connection. */
    public TransportOptions withShared(SharedObjects objects) {
        if (objects.isEmpty() && shared.isEmpty()) {
            return this;
        }
        return new TransportOptions(
                serverNameOverride,
                sanOverrides,
                alpnOverride,
                alpnFallback,
                hostName,
                proxyHeader,
                objects,
                source);
    }
}
