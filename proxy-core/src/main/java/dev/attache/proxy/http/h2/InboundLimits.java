package dev.attache.proxy.http.h2;

import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Http2Options;

/** Envoy's limits on frames that cost their sender nothing. Each check is false on a flood. */
final class InboundLimits {

    private final Http2Options options;
    private final CodecStats stats;
    private int emptyInARow;
    private long priorityFrames;
    private long windowUpdateFrames;
    private long openedStreams;
    private long dataFramesSent;

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
