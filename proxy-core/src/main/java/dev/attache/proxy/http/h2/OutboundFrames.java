package dev.attache.proxy.http.h2;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Http2Options;

/**
 * How many frames wait for a peer that does not read: CVE-2019-9512 and its kin. A frame is known
 * by the offset of its end in the connection's output; what the socket has taken is forgotten.
 * Costs memory only while frames wait.
 */
final class OutboundFrames {

    private final Connection connection;
    private final CodecStats stats;
    private final Offsets all;
    private final Offsets control;

    OutboundFrames(Connection connection, Http2Options options, CodecStats stats) {
        this.connection = connection;
        this.stats = stats;
        this.all = new Offsets(options.maxOutboundFrames());
        this.control = new Offsets(options.maxOutboundControlFrames());
    }

    /** A frame has been written; false where that is one too many. */
    boolean add(boolean isControl) {
        long end = connection.bytesSent();
        long taken = connection.bytesFlushed();
        boolean allFit = all.add(end, taken);
        boolean controlFits = !isControl || control.add(end, taken);
        if (allFit && controlFits) {
            return true;
        }
        // Perhaps they wait for the end of the loop turn only, and not for the peer.
        connection.flush();
        taken = connection.bytesFlushed();
        allFit = all.fits(taken);
        controlFits = control.fits(taken);
        if (!allFit) {
            stats.increment(Counter.HTTP2_OUTBOUND_FLOOD);
        } else if (!controlFits) {
            stats.increment(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD);
        }
        return allFit && controlFits;
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
