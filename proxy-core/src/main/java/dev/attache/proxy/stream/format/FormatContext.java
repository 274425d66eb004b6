package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.StreamInfo;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a format string is evaluated over. Headers are null where there are none (TCP, or the
 * response has not begun).
 */
public record FormatContext(
        StreamInfo info,
        @Nullable Headers requestHeaders,
        @Nullable Headers responseHeaders,
        @Nullable Headers responseTrailers,
        String localReplyBody,
        AccessLogType accessLogType)
        implements HttpMatchData {

    /** When and for what the entry is written, {@code %ACCESS_LOG_TYPE%}. */
    public enum AccessLogType {
        NotSet,
        TcpUpstreamConnected,
        TcpPeriodic,
        TcpConnectionEnd,
        TcpConnectionStart,
        DownstreamStart,
        DownstreamPeriodic,
        DownstreamEnd,
        UpstreamPoolReady,
        UpstreamPeriodic,
        UpstreamEnd,
        DownstreamTunnelSuccessfullyEstablished,
        UdpTunnelUpstreamConnected,
        UdpPeriodic,
        UdpSessionEnd
    }

    /** No format asks for them. */
    @Override
    public @Nullable Headers requestTrailers() {
        return null;
    }

    /**
     * Of the stream; empty where it has none. A connection that a TCP proxy serves has one from
     * when it is first asked for, a request its own.
     */
    public String streamId() {
        if (info.identified && info.streamId.isEmpty()) {
            info.streamId = UUID.randomUUID().toString();
        }
        return info.streamId;
    }

    /** For what is made of the body of a local reply before that has headers. */
    public static FormatContext ofReply(StreamInfo info, Headers request, String body) {
        return new FormatContext(info, request, null, null, body, AccessLogType.NotSet);
    }

    public static FormatContext of(StreamInfo info, @Nullable Headers request) {
        return new FormatContext(info, request, null, null, "", AccessLogType.NotSet);
    }
}
