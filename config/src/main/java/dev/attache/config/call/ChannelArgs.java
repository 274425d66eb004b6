package dev.attache.config.call;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.Http2Options;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc.ChannelArgs.Value;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code google_grpc.channel_args}, named as gRPC's core names them
 * (grpc/impl/channel_arg_names.h), with its defaults. Those that it does not know it does not look
 * at; those that tune its own machinery have nothing to tune here. What would send calls elsewhere
 * is refused.
 */
final class ChannelArgs {

    private static final Set<String> REFUSED =
            Set.of(
                    "grpc.lb_policy_name",
                    "grpc.service_config",
                    "grpc.http_proxy",
                    "grpc.resource_quota",
                    "grpc.experimental.tcp_handshaker_resolved_address");

    private final Map<String, Value> args;
    private final CompileContext context;

    private ChannelArgs(Map<String, Value> args, CompileContext context) {
        this.args = args;
        this.context = context;
    }

    static ChannelArgs of(GoogleGrpc grpc, CompileContext context) {
        ChannelArgs args =
                new ChannelArgs(grpc.getChannelArgs().getArgsMap(), context.at("channel_args"));
        for (String name : REFUSED) {
            if (args.args.containsKey(name)) {
                args.context
                        .at("args", name)
                        .error("would lead calls elsewhere, which is not built");
            }
        }
        return args;
    }

    @Nullable String defaultAuthority() {
        return text("grpc.default_authority");
    }

    /** What the certificate must carry in place of the target's name. */
    @Nullable String targetNameOverride() {
        return text("grpc.ssl_target_name_override");
    }

    /** What is put before and behind our name. */
    String userAgent(String own) {
        String before = text("grpc.primary_user_agent");
        String behind = text("grpc.secondary_user_agent");
        return (before == null ? "" : before + " ") + own + (behind == null ? "" : " " + behind);
    }

    long maxMessageBytes() {
        long length = number("grpc.max_receive_message_length", 4 << 20);
        return length < 0 ? GrpcService.NO_LIMIT : length;
    }

    /** How long an answer of DNS is good, in milliseconds. */
    long resolutionMillis() {
        return Math.max(1, number("grpc.dns_min_time_between_resolutions_ms", 30_000));
    }

    /** Of a connection that nobody uses, in milliseconds. */
    long idleMillis() {
        long millis = number("grpc.client_idle_timeout_ms", 30 * 60_000);
        return millis == Integer.MAX_VALUE ? 0 : Math.max(1_000, millis);
    }

    Http2Options http2() {
        Http2Options from = Http2Options.DEFAULTS;
        long interval = number("grpc.keepalive_time_ms", Integer.MAX_VALUE);
        boolean asks = interval > 0 && interval < Integer.MAX_VALUE;
        long limit = number("grpc.max_metadata_size", from.maxHeadersKb() << 10);
        return new Http2Options(
                from.hpackTableSize(),
                from.maxConcurrentStreams(),
                from.initialStreamWindowSize(),
                from.initialConnectionWindowSize(),
                from.allowConnect(),
                from.allowMetadata(),
                from.maxOutboundFrames(),
                from.maxOutboundControlFrames(),
                from.maxConsecutiveInboundFramesWithEmptyPayload(),
                from.maxInboundPriorityFramesPerStream(),
                from.maxInboundWindowUpdateFramesPerDataFrameSent(),
                from.streamResetBurst(),
                from.streamResetRate(),
                // A call that is answered badly fails alone.
                true,
                asks ? interval : 0,
                asks ? number("grpc.keepalive_timeout_ms", 20_000) : 0,
                0,
                0,
                from.customSettings(),
                from.headersWithUnderscores(),
                (int) Math.max(1, limit >> 10),
                from.maxHeaderFieldKb(),
                from.maxHeadersCount(),
                from.maxRequestsPerTurn());
    }

    private @Nullable String text(String name) {
        Value value = args.get(name);
        if (value == null) {
            return null;
        }
        if (value.getValueSpecifierCase() != Value.ValueSpecifierCase.STRING_VALUE) {
            context.at("args", name).error("must be a string_value");
            return null;
        }
        return value.getStringValue();
    }

    private long number(String name, long absent) {
        Value value = args.get(name);
        if (value == null) {
            return absent;
        }
        if (value.getValueSpecifierCase() != Value.ValueSpecifierCase.INT_VALUE) {
            context.at("args", name).error("must be an int_value");
            return absent;
        }
        return value.getIntValue();
    }
}
