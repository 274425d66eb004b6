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

    /** Resets that the client may still send, and since when that is so. */
    private long resets;

    private long resetsSinceSecond = Long.MIN_VALUE;

    InboundLimits(Http2Options options, CodecStats stats) {
        this.options = options;
        this.stats = stats;
        this.resets = options.streamResetBurst();
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

    /**
     * @param activeStreams that are there now: those of before do not allow more
     */
    boolean priority(int activeStreams) {
        long limit = options.maxInboundPriorityFramesPerStream() * (1L + activeStreams);
        if (++priorityFrames <= limit) {
            return true;
        }
        stats.increment(Counter.HTTP2_INBOUND_PRIORITY_FRAMES_FLOOD);
        return false;
    }

    /**
     * @param activeStreams see {@link #priority}
     */
    boolean windowUpdate(int activeStreams) {
        long perData = options.maxInboundWindowUpdateFramesPerDataFrameSent();
        long limit = 5 + 2 * (activeStreams + perData * dataFramesSent);
        if (++windowUpdateFrames <= limit) {
            return true;
        }
        stats.increment(Counter.HTTP2_INBOUND_WINDOW_UPDATE_FRAMES_FLOOD);
        return false;
    }

    /**
     * A client's reset of a stream: {@code stream_reset_burst} of them, and {@code
     * stream_reset_rate} more with each second (CVE-2023-44487), in whole seconds as nghttp2.
     */
    boolean reset(long nanoTime) {
        long second = Math.floorDiv(nanoTime, 1_000_000_000L);
        if (second > resetsSinceSecond) {
            long burst = options.streamResetBurst();
            double elapsed = (double) second - resetsSinceSecond;
            double refilled = resets + options.streamResetRate() * elapsed;
            resets = refilled >= burst ? burst : (long) refilled;
            resetsSinceSecond = second;
        }
        if (resets == 0) {
            return false;
        }
        resets--;
        return true;
    }
}
