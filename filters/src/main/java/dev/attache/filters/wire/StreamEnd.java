package dev.attache.filters.wire;

import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;

/**
 * The end of a stream that has nothing more to say: what was handed to it is still sent, and a peer
 * that neither reads nor ends it holds it for so long and no longer. Loop-confined.
 */
public final class StreamEnd extends Timer {

    /** For what waits on its way to the peer. */
    static final long LIMIT_MILLIS = 5_000;

    private final GrpcStream stream;

    private StreamEnd(GrpcStream stream) {
        this.stream = stream;
    }

    /** Ends what is sent on {@code stream}. */
    public static void of(GrpcStream stream, WorkerContext worker) {
        if (stream.isOpen()) {
            stream.halfClose();
            worker.timers().schedule(new StreamEnd(stream), LIMIT_MILLIS);
        }
    }

    @Override
    protected void expire() {
        if (stream.isOpen()) {
            stream.cancel();
        }
    }
}
