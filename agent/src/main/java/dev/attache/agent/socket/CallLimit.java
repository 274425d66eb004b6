package dev.attache.agent.socket;

import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Refuses calls beyond so many at once with RESOURCE_EXHAUSTED. Any thread. */
final class CallLimit implements ServerInterceptor {

    private final int most;
    private final Semaphore free;

    CallLimit(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!free.tryAcquire()) {
            call.close(
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "the agent has " + most + " calls on this socket already"),
                    new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return new Counted<>(next.startCall(call, headers));
    }

    /** Gives its place to others when it ends. */
    private final class Counted<Q>
            extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final AtomicBoolean ended = new AtomicBoolean();

        Counted(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public void onComplete() {
            end();
            super.onComplete();
        }

        @Override
        public void onCancel() {
            end();
            super.onCancel();
        }

        private void end() {
            if (ended.compareAndSet(false, true)) {
                free.release();
            }
        }
    }
}
