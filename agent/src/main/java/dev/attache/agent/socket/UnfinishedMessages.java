package dev.attache.agent.socket;

import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what is held of messages that have not come whole: gRPC bounds each, but not how many
 * there are. A stream that would hold more than is left ends. Any thread.
 */
final class UnfinishedMessages extends ServerStreamTracer.Factory {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    UnfinishedMessages(long most) {
        this.most = most;
    }

    /** Bytes that are held now. */
    long held() {
        return held.get();
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Stream();
    }

    /** One stream; its calls come one after the other, but for the last. */
    private final class Stream extends ServerStreamTracer {
        private final AtomicLong own = new AtomicLong();

        @Override
        public void inboundWireSize(long bytes) {
            own.addAndGet(bytes);
            if (held.addAndGet(bytes) > most) {
                release();
                throw full();
            }
        }

        @Override
        public void inboundMessageRead(int sequence, long wireSize, long size) {
            release();
        }

        @Override
        public void streamClosed(Status status) {
            release();
        }

        /** Without its stack: it is logged where it arrives. */
        private StatusRuntimeException full() {
            StatusRuntimeException full =
                    Status.RESOURCE_EXHAUSTED
                            .withDescription("too many messages are coming at once")
                            .asRuntimeException();
            full.setStackTrace(new StackTraceElement[0]);
            return full;
        }

        private void release() {
            held.addAndGet(-own.getAndSet(0));
        }
    }
}
