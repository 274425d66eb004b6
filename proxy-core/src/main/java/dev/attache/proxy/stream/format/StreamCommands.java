package dev.attache.proxy.stream.format;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What became of the stream: codes, flags, names, identifiers. */
final class StreamCommands {

    private StreamCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "PROTOCOL" -> info(i -> protocol(i.protocol()));
            case "RESPONSE_CODE" -> (FormatCommand.Numeric) c -> c.info().responseCode();
            case "RESPONSE_CODE_DETAILS" -> details(argument);
            case "RESPONSE_FLAGS" -> info(i -> i.flags(false));
            case "RESPONSE_FLAGS_LONG" -> info(i -> i.flags(true));
            case "ROUTE_NAME" -> info(i -> configured(i.routeName));
            case "VIRTUAL_CLUSTER_NAME" -> info(i -> configured(i.virtualClusterName));
            case "UPSTREAM_CLUSTER" -> info(StreamCommands::observability);
            case "UPSTREAM_CLUSTER_RAW" -> info(i -> configured(i.clusterName));
            case "DOWNSTREAM_TRANSPORT_FAILURE_REASON" ->
                    info(i -> underscored(i.downstream().transportFailureReason()));
            case "CONNECTION_TERMINATION_DETAILS" -> info(i -> i.downstream().terminationDetails());
            case "DOWNSTREAM_DETECTED_CLOSE_TYPE" ->
                    info(i -> connectionOnly(i, c -> c.detectedClose().text(), "Normal"));
            case "DOWNSTREAM_LOCAL_CLOSE_REASON" ->
                    info(i -> connectionOnly(i, c -> underscored(c.localCloseReason()), null));
            case "REQUESTED_SERVER_NAME" -> ServerNameCommand.of(argument);
            case "LISTENER_NAME" -> info(i -> configured(i.downstream().listenerName()));
            case "CUSTOM_FLAGS" -> context -> "";
            case "TLS_JA3_FINGERPRINT" -> info(i -> i.downstream().helloFingerprints().ja3());
            case "TLS_JA4_FINGERPRINT" -> info(i -> i.downstream().helloFingerprints().ja4());
            case "FILTER_CHAIN_NAME" -> info(i -> configured(i.downstream().filterChainName()));
            case "STREAM_ID" -> context -> nonEmpty(context.streamId());
            case "TRACE_ID" -> info(i -> i.traceId);
            case "SPAN_ID" -> info(i -> i.spanId);
            case "UNIQUE_ID" -> context -> UUID.randomUUID().toString();
            case "LOCAL_REPLY_BODY" -> FormatContext::localReplyBody;
            case "ACCESS_LOG_TYPE" -> context -> context.accessLogType().name();
            case "HOSTNAME" -> hostname();
            case "ENVIRONMENT" -> environment(argument == null ? "" : argument, maxLength);
            case "CONNECTION_ID" -> (FormatCommand.Numeric) c -> c.info().downstream().id();
            case "ROUTE_RESOLUTION_COUNT" -> (FormatCommand.Numeric) c -> c.info().routeResolutions;
            // Measuring each look-up would cost more than the look-up.
            case "ROUTE_RESOLUTION_TIME_US" -> context -> null;
            default -> null;
        };
    }

    private static FormatCommand info(Function<StreamInfo, @Nullable String> field) {
        return context -> field.apply(context.info());
    }

    private static @Nullable String protocol(@Nullable Protocol protocol) {
        return protocol == null ? null : protocol.text();
    }

    private static @Nullable String observability(StreamInfo info) {
        return configured(
                info.clusterObservabilityName != null
                        ? info.clusterObservabilityName
                        : info.clusterName);
    }

    /** A name that configuration wrote. */
    private static @Nullable String configured(@Nullable String name) {
        return name == null || name.isEmpty() ? null : Octets.of(name);
    }

    private static @Nullable String nonEmpty(String value) {
        return value.isEmpty() ? null : value;
    }

    /** How the connection ends is no matter of a request. */
    private static @Nullable String connectionOnly(
            StreamInfo info,
            Function<ConnectionInfo, @Nullable String> field,
            @Nullable String ofRequests) {
        return info.protocol() == null ? field.apply(info.downstream()) : ofRequests;
    }

    static @Nullable String underscored(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value.replace(' ', '_');
    }

    /** Any other option than this one is as good as none. */
    private static FormatCommand details(@Nullable String option) {
        boolean keep = "ALLOW_WHITESPACES".equals(option);
        return context -> {
            String details = context.info().responseCodeDetails();
            return details == null || keep ? details : details.replace(' ', '_');
        };
    }

    private static FormatCommand hostname() {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "-";
        }
        String shown = host;
        return context -> shown;
    }

    private static FormatCommand environment(String variable, int maxLength) {
        String value = System.getenv(variable);
        // Envoy says "-" also where others are null.
        String shown = value == null ? "-" : HeaderCommands.cut(Octets.of(value), maxLength);
        return context -> shown;
    }
}
