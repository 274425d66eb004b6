package dev.attache.proxy.stream.format;

import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Points in time and spans between them; spans are milliseconds unless the command says otherwise.
 */
final class TimeCommands {

    private static final long MISSING = Long.MIN_VALUE;

    private TimeCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        return switch (name) {
            case "START_TIME" -> startTime(argument, false);
            case "START_TIME_LOCAL" -> startTime(argument, true);
            case "EMIT_TIME" -> emitTime(argument, false);
            case "EMIT_TIME_LOCAL" -> emitTime(argument, true);
            // Of what has not ended until now: lines at the start, and those in between.
            case "DURATION" -> span(i -> i.startNanos(), TimeCommands::endOrNow);
            case "REQUEST_DURATION" -> span(i -> i.startNanos(), i -> i.lastDownstreamRxNanos);
            case "REQUEST_TX_DURATION" -> span(i -> i.startNanos(), i -> up(i, u -> u.lastTxNanos));
            case "RESPONSE_DURATION" -> span(i -> i.startNanos(), i -> up(i, u -> u.firstRxNanos));
            case "RESPONSE_TX_DURATION" ->
                    span(i -> up(i, u -> u.firstRxNanos), i -> i.lastDownstreamTxNanos);
            // Until the client's acknowledgement, which only QUIC tells.
            case "ROUNDTRIP_DURATION" -> span(i -> -1, i -> -1);
            // Since the stream began: negative for the streams of a connection that stands.
            case "DOWNSTREAM_HANDSHAKE_DURATION" -> handshake();
            case "UPSTREAM_CONNECTION_POOL_READY_DURATION" ->
                    span(i -> i.startNanos(), i -> up(i, u -> u.poolReadyNanos));
            case "COMMON_DURATION" -> commonDuration(argument);
            default -> null;
        };
    }

    private static long endOrNow(StreamInfo info) {
        return info.endNanos == -1 ? System.nanoTime() : info.endNanos;
    }

    private static FormatCommand startTime(@Nullable String pattern, boolean local) {
        TimeFormat format = TimeFormat.of(pattern == null ? "" : pattern);
        return context -> format.format(context.info().startTimeMillis(), 0, local);
    }

    private static FormatCommand emitTime(@Nullable String pattern, boolean local) {
        TimeFormat format = TimeFormat.of(pattern == null ? "" : pattern);
        return context -> format.format(System.currentTimeMillis(), 0, local);
    }

    private static long up(StreamInfo info, ToLongFunction<UpstreamInfo> field) {
        UpstreamInfo upstream = info.upstream();
        return upstream == null ? -1 : field.applyAsLong(upstream);
    }

    private static FormatCommand.Numeric handshake() {
        return context -> {
            long done = context.info().downstream().handshakeNanos();
            return done == -1 ? MISSING : (done - context.info().startNanos()) / 1_000_000;
        };
    }

    private static FormatCommand.Numeric span(
            ToLongFunction<StreamInfo> from, ToLongFunction<StreamInfo> to) {
        return span(from, to, 1_000_000);
    }

    private static FormatCommand.Numeric span(
            ToLongFunction<StreamInfo> from, ToLongFunction<StreamInfo> to, long unitNanos) {
        return context -> {
            long start = from.applyAsLong(context.info());
            long end = to.applyAsLong(context.info());
            return start == -1 || end == -1 ? MISSING : Math.max(0, (end - start) / unitNanos);
        };
    }

    /** {@code %COMMON_DURATION(DS_RX_BEG:US_RX_END:us)%}. */
    private static FormatCommand commonDuration(@Nullable String argument) {
        String[] parts = argument == null ? new String[0] : argument.split(":", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw new IllegalArgumentException(
                    "Invalid common duration configuration: " + argument + ".");
        }
        String unit = parts.length == 3 ? parts[2] : "ms";
        long nanos =
                switch (unit) {
                    case "ms" -> 1_000_000;
                    case "us" -> 1_000;
                    case "ns" -> 1;
                    default ->
                            throw new IllegalArgumentException(
                                    "Invalid common duration precision: " + unit + ".");
                };
        return span(point(parts[0]), point(parts[1]), nanos);
    }

    private static ToLongFunction<StreamInfo> point(String name) {
        return switch (name) {
            case "DS_RX_BEG" -> i -> i.startNanos();
            case "DS_RX_END" -> i -> i.lastDownstreamRxNanos;
            case "DS_TX_BEG" -> i -> i.firstDownstreamTxNanos;
            case "DS_TX_END" -> i -> i.lastDownstreamTxNanos;
            case "DS_CX_BEG" -> i -> i.downstream().startNanos();
            case "DS_CX_END", "DS_HS_END" -> i -> i.downstream().handshakeNanos();
            case "US_CX_BEG" -> i -> up(i, u -> u.connectStartNanos);
            case "US_CX_END" -> i -> up(i, u -> u.connectDoneNanos);
            case "US_HS_END" -> i -> up(i, u -> u.handshakeDoneNanos);
            case "US_TX_BEG" -> i -> up(i, u -> u.firstTxNanos);
            case "US_TX_END" -> i -> up(i, u -> u.lastTxNanos);
            case "US_RX_BEG" -> i -> up(i, u -> u.firstRxNanos);
            case "US_RX_BODY_BEG" -> i -> up(i, u -> u.firstBodyRxNanos);
            case "US_RX_END" -> i -> up(i, u -> u.lastRxNanos);
            // Points that extensions would set; none does.
            default -> i -> -1;
        };
    }
}
