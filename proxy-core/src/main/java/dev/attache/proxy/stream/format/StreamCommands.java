package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
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
            case "UPSTREAM_PROTOCOL" -> upstream(u -> u.protocol);
            case "RESPONSE_CODE" -> new ResponseCode();
            case "RESPONSE_CODE_DETAILS" -> details(argument);
            case "RESPONSE_FLAGS" -> info(i -> i.flags(false));
            case "RESPONSE_FLAGS_LONG" -> info(i -> i.flags(true));
            case "ROUTE_NAME" -> info(i -> nonEmpty(i.routeName));
            case "VIRTUAL_HOST_NAME" -> info(i -> nonEmpty(i.virtualHostName));
            case "VIRTUAL_CLUSTER_NAME" -> info(i -> nonEmpty(i.virtualClusterName));
            case "UPSTREAM_CLUSTER" -> info(StreamCommands::observability);
            case "UPSTREAM_CLUSTER_RAW" -> info(i -> i.clusterName);
            case "UPSTREAM_TRANSPORT_FAILURE_REASON" ->
                    upstream(u -> underscored(u.transportFailureReason));
            case "DOWNSTREAM_TRANSPORT_FAILURE_REASON" ->
                    info(i -> underscored(i.downstream().transportFailureReason()));
            case "CONNECTION_TERMINATION_DETAILS" -> info(i -> i.downstream().terminationDetails());
            case "REQUESTED_SERVER_NAME" -> info(i -> i.downstream().requestedServerName());
            case "FILTER_CHAIN_NAME" -> info(i -> nonEmpty(i.downstream().filterChainName()));
            case "STREAM_ID" -> info(i -> nonEmpty(i.streamId));
            case "TRACE_ID" -> info(i -> i.traceId);
            case "UNIQUE_ID" -> context -> UUID.randomUUID().toString();
            case "LOCAL_REPLY_BODY" -> FormatContext::localReplyBody;
            case "ACCESS_LOG_TYPE" -> context -> context.accessLogType().name();
            case "HOSTNAME" -> hostname(maxLength);
            case "ENVIRONMENT" -> environment(name, argument, maxLength);
            case "CONNECTION_ID" -> (FormatCommand.Numeric) c -> c.info().downstream().id();
            case "UPSTREAM_CONNECTION_ID" ->
                    (FormatCommand.Numeric)
                            c -> {
                                // 0 where there is none, as Envoy says it.
                                long id = upstreamNumber(c, u -> u.connectionId);
                                return id == Long.MIN_VALUE ? 0 : id;
                            };
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" ->
                    (FormatCommand.Numeric) c -> c.info().attemptCount;
            default -> null;
        };
    }

    private static FormatCommand info(Function<StreamInfo, @Nullable String> field) {
        return context -> field.apply(context.info());
    }

    static FormatCommand upstream(Function<UpstreamInfo, @Nullable String> field) {
        return context -> {
            UpstreamInfo upstream = context.info().upstream();
            return upstream == null ? null : field.apply(upstream);
        };
    }

    private static long upstreamNumber(FormatContext context, Function<UpstreamInfo, Long> field) {
        UpstreamInfo upstream = context.info().upstream();
        long value = upstream == null ? -1 : field.apply(upstream);
        return value < 0 ? Long.MIN_VALUE : value;
    }

    private static @Nullable String protocol(@Nullable Protocol protocol) {
        return protocol == null ? null : protocol.text();
    }

    private static @Nullable String observability(StreamInfo info) {
        return info.clusterObservabilityName != null
                ? info.clusterObservabilityName
                : info.clusterName;
    }

    private static @Nullable String nonEmpty(String value) {
        return value.isEmpty() ? null : value;
    }

    private static @Nullable String underscored(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value.replace(' ', '_');
    }

    private static FormatCommand details(@Nullable String option) {
        boolean keep = "ALLOW_WHITESPACES".equals(option);
        if (option != null && !option.isEmpty() && !keep) {
            throw new IllegalArgumentException(
                    "Invalid RESPONSE_CODE_DETAILS option: '"
                            + option
                            + "', only 'ALLOW_WHITESPACES' is allowed");
        }
        return context -> {
            String details = context.info().responseCodeDetails();
            return details == null || keep ? details : details.replace(' ', '_');
        };
    }

    private static FormatCommand hostname(int maxLength) {
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "-";
        }
        String shown = HeaderCommands.cut(host, maxLength);
        return context -> shown;
    }

    private static FormatCommand environment(
            String command, @Nullable String variable, int maxLength) {
        if (variable == null || variable.isEmpty()) {
            throw new IllegalArgumentException(command + " requires a variable name");
        }
        String value = System.getenv(variable);
        // Envoy says "-" also where others are null.
        String shown = value == null ? "-" : HeaderCommands.cut(value, maxLength);
        return context -> shown;
    }

    /** Always a number: 0 when no response was sent. */
    private static final class ResponseCode implements FormatCommand {
        @Override
        public String text(FormatContext context) {
            return Integer.toString(context.info().responseCode());
        }

        @Override
        public MetadataValue value(FormatContext context) {
            return new MetadataValue.Number(context.info().responseCode());
        }
    }
}
