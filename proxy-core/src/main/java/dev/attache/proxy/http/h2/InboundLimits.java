package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Http2Options;

/** Envoy's limits on frames that cost their sender nothing. Each check is false on a flood. */
final class InboundLimits {

    /** Entries of one SETTINGS frame: as many as nghttp2 takes. */
    private static final int MAX_SETTINGS = 32;

    private static final int SETTING = 6;

    private final Http2Options options;
    private final CodecStats stats;
    private int emptyInARow;
    private long priorityFrames;
    private long windowUpdateFrames;
    private long openedStreams;
    private long dataFramesSent;
    private long refusedStreams;

    InboundLimits(Http2Options options, CodecStats stats) {
        this.options = options;
        this.stats = stats;
    }

    void streamOpened() {
        openedStreams++;
    }

    void dataFrameSent() {
        dataFramesSent++;
    }

    /**
     * A stream above the advertised limit is refused by itself, unless most are: who opens them so
     * does not look at what is refused.
     */
    boolean refusal() {
        openedStreams++;
        return ++refusedStreams <= options.maxOutboundControlFrames()
                || 2 * refusedStreams <= openedStreams;
    }

    boolean payload(int length, boolean end) {
        if (length > 0 || end) {
            emptyInARow = 0;
            return true;
        }
        if (++emptyInARow <= options.maxConsecutiveInboundFramesWithEmptyPayload()) {
            return true;
        }
        stats.increment(Counter.HTTP2_INBOUND_EMPTY_FRAMES_FLOOD);
        return false;
    }

    /** CVE-2020-11080. */
    static boolean settings(int payloadOctets) {
        return payloadOctets <= MAX_SETTINGS * SETTING;
    }

    boolean priority() {
        long limit = options.maxInboundPriorityFramesPerStream() * (1 + openedStreams);
        if (++priorityFrames <= limit) {
            return true;
        }
        stats.increment(Counter.HTTP2_INBOUND_PRIORITY_FRAMES_FLOOD);
        return false;
    }

    boolean windowUpdate() {
        long perData = options.maxInboundWindowUpdateFramesPerDataFrameSent();
        long limit = 5 + 2 * (openedStreams + perData * dataFramesSent);
        if (++windowUpdateFrames <= limit) {
            return true;
        }
        stats.increment(Counter.HTTP2_INBOUND_WINDOW_UPDATE_FRAMES_FLOOD);
        return false;
    }
}
