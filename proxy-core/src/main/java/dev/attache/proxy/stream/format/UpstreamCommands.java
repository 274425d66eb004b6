package dev.attache.proxy.stream.format;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which hosts and connections were tried, and which of them it was in the end. */
final class UpstreamCommands {

    private UpstreamCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "UPSTREAM_HOST" -> of(u -> text(u.host));
            case "UPSTREAM_HOST_NAME" -> of(u -> named(u.host, u.hostname));
            case "UPSTREAM_HOST_NAME_WITHOUT_PORT" -> of(u -> namedWithoutPort(u.host, u.hostname));
            case "UPSTREAM_HOSTS_ATTEMPTED" -> of(u -> attempted(u, a -> text(a.address())));
            case "UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT" ->
                    of(u -> attempted(u, a -> bare(a.address())));
            case "UPSTREAM_HOST_NAMES_ATTEMPTED" ->
                    of(u -> attempted(u, a -> named(a.address(), a.hostname())));
            case "UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT" ->
                    of(u -> attempted(u, a -> namedWithoutPort(a.address(), a.hostname())));
            case "UPSTREAM_CONNECTION_IDS_ATTEMPTED" ->
                    of(u -> u.connectionsAttempted().isEmpty() ? null : joined(u));
            case "UPSTREAM_PROTOCOL" -> of(u -> u.protocol);
            case "UPSTREAM_TRANSPORT_FAILURE_REASON" ->
                    of(u -> StreamCommands.underscored(u.transportFailureReason));
            case "UPSTREAM_DETECTED_CLOSE_TYPE" -> of(u -> u.detectedClose.text());
            case "UPSTREAM_LOCAL_CLOSE_REASON" ->
                    of(u -> StreamCommands.underscored(u.localCloseReason));
            case "UPSTREAM_SERVER_NAME" -> of(u -> u.serverName);
            case "UPSTREAM_CONNECTION_ID" -> (FormatCommand.Numeric) UpstreamCommands::connection;
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" ->
                    (FormatCommand.Numeric) c -> c.info().attemptCount;
            default -> null;
        };
    }

    private static FormatCommand of(Function<UpstreamInfo, @Nullable String> field) {
        return context -> {
            UpstreamInfo upstream = context.info().upstream();
            return upstream == null ? null : field.apply(upstream);
        };
    }

    /** 0 where there is none. */
    private static long connection(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? 0 : Math.max(0, upstream.connectionId);
    }

    private static String joined(UpstreamInfo upstream) {
        return upstream.connectionsAttempted().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private static @Nullable String attempted(
            UpstreamInfo upstream, Function<UpstreamInfo.Attempt, @Nullable String> form) {
        List<UpstreamInfo.Attempt> attempted = upstream.attempted();
        return attempted.isEmpty()
                ? null
                : attempted.stream().map(form).collect(Collectors.joining(","));
    }

    private static @Nullable String named(@Nullable Address address, String hostname) {
        return hostname.isEmpty() ? text(address) : hostname;
    }

    private static @Nullable String namedWithoutPort(@Nullable Address address, String hostname) {
        return hostname.isEmpty() ? bare(address) : withoutPort(hostname);
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.toString();
    }

    private static @Nullable String bare(@Nullable Address address) {
        return address instanceof IpAddress ip ? ip.host() : text(address);
    }

    private static String withoutPort(String hostname) {
        int colon = hostname.lastIndexOf(':');
        return colon < 0 || hostname.endsWith("]") ? hostname : hostname.substring(0, colon);
    }
}
