package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Http2Options;

/**
 * How many frames wait for a peer that does not read, or that asks for more than can be sent in one
 * turn: CVE-2019-9512 and its kin. A frame is known by the offset of its end in the connection's
 * output; what the socket has taken is forgotten. Costs memory only while frames wait.
 */
final class OutboundFrames {

    /** Which of the two limits a frame counts against; the control frames are those of Envoy. */
    enum Kind {
        /** DATA, HEADERS, WINDOW_UPDATE, GOAWAY, and what we ask of our own accord. */
        OTHER,
        /** RST_STREAM: control, ours to send. */
        RESET,
        /** Acknowledges a PING or SETTINGS: control, made to the peer's order. */
        ANSWER
    }

    /** Which limit is passed. */
    enum Verdict {
        FITS,
        TOO_MANY,
        TOO_MANY_CONTROL
    }

    private static final long BURST_NANOS = 1_000_000_000;

    private final Connection connection;
    private final int maxControl;
    private final CodecStats stats;
    private final Offsets all;
    private final Offsets control;
    private int answers;
    private long answersSince;

    OutboundFrames(Connection connection, Http2Options options, CodecStats stats) {
        this.connection = connection;
        this.stats = stats;
        this.maxControl = options.maxOutboundControlFrames();
        this.all = new Offsets(options.maxOutboundFrames());
        this.control = new Offsets(options.maxOutboundControlFrames());
    }

    /** A frame has been written. */
    Verdict add(Kind kind) {
        long end = connection.bytesSent();
        long taken = connection.bytesFlushed();
        boolean allFit = all.add(end, taken);
        boolean controlFits = kind == Kind.OTHER || control.add(end, taken);
        if (kind == Kind.ANSWER && !answer()) {
            stats.increment(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD);
            return Verdict.TOO_MANY_CONTROL;
        }
        if (allFit && controlFits) {
            return Verdict.FITS;
        }
        // Perhaps they wait for the end of the loop turn only, and not for the peer.
        connection.flush();
        taken = connection.bytesFlushed();
        allFit = all.fits(taken);
        controlFits = control.fits(taken);
        if (!allFit) {
            stats.increment(Counter.HTTP2_OUTBOUND_FLOOD);
            return Verdict.TOO_MANY;
        }
        if (!controlFits) {
            stats.increment(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD);
            return Verdict.TOO_MANY_CONTROL;
        }
        return Verdict.FITS;
    }

    /** Who has us write so many in one burst does harm even where it reads them, as in Envoy. */
    private boolean answer() {
        if (answers == 0) {
            answersSince = connection.worker().nanoTime();
        }
        if (++answers <= maxControl) {
            return true;
        }
        boolean burst = connection.worker().nanoTime() - answersSince < BURST_NANOS;
        answers = burst ? answers : 0;
        return !burst;
    }

    /** All that the peer has sent has been read. */
    void burstOver() {
        answers = 0;
    }

    /** A ring of ascending offsets. */
    private static final class Offsets {
        private final int limit;
        private long[] ring = new long[16];
        private int head;
        private int size;

        Offsets(int limit) {
            this.limit = limit;
        }

        boolean fits(long taken) {
            while (size > 0 && ring[head] <= taken) {
                head = (head + 1) & (ring.length - 1);
                size--;
            }
            return size <= limit;
        }

        boolean add(long end, long taken) {
            fits(taken);
            if (size == ring.length) {
                long[] larger = new long[ring.length * 2];
                for (int i = 0; i < size; i++) {
                    larger[i] = ring[(head + i) & (ring.length - 1)];
                }
                ring = larger;
                head = 0;
            }
            ring[(head + size) & (ring.length - 1)] = end;
            size++;
            return size <= limit;
        }
    }
}
