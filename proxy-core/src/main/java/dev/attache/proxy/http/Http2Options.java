package dev.attache.proxy.http;

import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import java.util.Map;

/**
 * {@code envoy.config.core.v3.Http2ProtocolOptions} and the limits around it, with Envoy's defaults
 * applied. Sizes in bytes, times in milliseconds; 0 = off.
 *
 * @param maxHeaderFieldKb of one name or value, as it is encoded on the wire
 */
public record Http2Options(
        int hpackTableSize,
        long maxConcurrentStreams,
        int initialStreamWindowSize,
        int initialConnectionWindowSize,
        boolean allowConnect,
        boolean allowMetadata,
        int maxOutboundFrames,
        int maxOutboundControlFrames,
        int maxConsecutiveInboundFramesWithEmptyPayload,
        int maxInboundPriorityFramesPerStream,
        int maxInboundWindowUpdateFramesPerDataFrameSent,
        long streamResetBurst,
        long streamResetRate,
        boolean streamErrorOnInvalidMessage,
        long keepaliveIntervalMillis,
        long keepaliveTimeoutMillis,
        int keepaliveJitterPercent,
        long keepaliveIdleIntervalMillis,
        Map<Integer, Long> customSettings,
        UnderscoreAction headersWithUnderscores,
        int maxHeadersKb,
        int maxHeaderFieldKb,
        int maxHeadersCount,
        int maxRequestsPerTurn) {

    /**
     * Messages that one connection may begin in one turn of its loop; the others of the loop get
     * theirs before it goes on. Runtime's {@code http.max_requests_per_io_cycle} can lower it for
     * requests.
     */
    public static final int MAX_REQUESTS_PER_TURN = 16;

    public Http2Options {
        customSettings = Map.copyOf(customSettings);
    }

    public static final Http2Options DEFAULTS =
            new Http2Options(
                    4096,
                    1024,
                    16 * 1024 * 1024,
                    24 * 1024 * 1024,
                    false,
                    false,
                    10_000,
                    1_000,
                    1,
                    100,
                    10,
                    1_000,
                    33,
                    false,
                    0,
                    0,
                    15,
                    0,
                    Map.of(),
                    UnderscoreAction.ALLOW,
                    60,
                    64,
                    100,
                    MAX_REQUESTS_PER_TURN);
}
