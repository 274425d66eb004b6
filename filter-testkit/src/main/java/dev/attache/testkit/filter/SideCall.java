package dev.attache.testkit.filter;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import dev.attache.testkit.filter.proxy.TestWorker;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One call that a filter has made to a cluster: what it sends, and how the test answers. The
 * timeout that the filter has set counts from the end of its request, by the harness's clock.
 */
public final class SideCall {

    private final TestWorker worker;
    private final CallScope scope;
    private final String cluster;
    private final CallOptions options;
    private final CallListener listener;
    private final Received request = new Received("call");
    private final CountedValve input = new CountedValve("call's response");
    private final Maker maker = new Maker();
    private final Timer deadline =
            new Timer() {
                @Override
                protected void expire() {
                    fail(CallAnswer.failure(CallFailure.Kind.TIMEOUT, responseBegan));
                }
            };
    private @Nullable CallAnswer answer;
    private boolean responseBegan;
    private boolean cancelled;
    private boolean over;

    SideCall(
            TestWorker worker,
            CallScope scope,
            String cluster,
            CallOptions options,
            CallListener listener) {
        this.worker = worker;
        this.scope = scope;
        this.cluster = cluster;
        this.options = options;
        this.listener = listener;
    }

    /** The head leaves; {@code prepared} is given when the request is whole. */
    UpstreamCall start(Headers head, boolean end, @Nullable CallAnswer prepared) {
        answer = prepared;
        scope.began(maker);
        request.headers(head, end);
        if (end) {
            requestEnded();
        }
        return maker;
    }

    /** The answer comes in a turn of its own: not amid what asks for it. */
    private void requestEnded() {
        if (options.timeoutMillis() > 0) {
            worker.timers().schedule(deadline, options.timeoutMillis());
        }
        CallAnswer prepared = answer;
        if (prepared != null) {
            worker.eventLoop().execute(() -> prepared.give(this));
        }
    }

    /** The cluster's name. */
    public String cluster() {
        return cluster;
    }

    /** What the filter sends. */
    public Received request() {
        return request;
    }

    /** How long the filter waits, in milliseconds; 0 = for ever. */
    public long timeoutMillis() {
        return options.timeoutMillis();
    }

    /** Whether it is under way. */
    public boolean isOpen() {
        return !over;
    }

    /** Whether the filter, or the end of its stream, has given it up. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Whether the filter holds the response back. */
    public boolean isHeld() {
        return input.held();
    }

    /**
     * Answers it, whether or not its request has come whole.
     *
     * @throws AssertionError it is over
     */
    public void answer(CallAnswer given) {
        if (over) {
            throw new AssertionError("the call to '" + cluster + "' is over");
        }
        given.give(this);
        worker.settle();
    }

    /**
     * A message of gRPC, without its frame, on a response that goes on; the first one brings its
     * head.
     *
     * @throws AssertionError it is over
     */
    public void message(byte[] message) {
        if (over) {
            throw new AssertionError("the call to '" + cluster + "' is over");
        }
        if (!responseBegan) {
            responseHead(CallAnswer.grpcHead(), false);
        }
        responseData(CallAnswer.framed(message), false);
        worker.settle();
    }

    void responseHead(Headers head, boolean end) {
        if (!over) {
            responseBegan = true;
            endIf(end);
            tell(() -> listener.onHeaders(head, end));
        }
    }

    void responseData(byte[] bytes, boolean end) {
        if (!over) {
            ByteBuf piece = worker.allocator().buffer(Math.max(1, bytes.length)).writeBytes(bytes);
            endIf(end);
            tell(() -> listener.onData(piece, end));
        }
    }

    void responseTrailers(Headers trailers) {
        if (!over) {
            endIf(true);
            tell(() -> listener.onTrailers(trailers));
        }
    }

    void fail(CallFailure why) {
        if (!over) {
            endIf(true);
            tell(() -> listener.onFailure(why));
        }
    }

    private void endIf(boolean end) {
        if (end && !over) {
            over = true;
            deadline.cancel();
            scope.ended(maker);
        }
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (Throwable thrown) {
            Faults.contain(thrown);
            maker.cancel();
            scope.failed(thrown);
        }
    }

    @Override
    public String toString() {
        return "call to '" + cluster + "'" + (over ? "" : ", under way") + "\n" + request;
    }

    /** The call as the filter holds it. */
    private final class Maker implements UpstreamCall {
        private final UpstreamInfo upstream = new UpstreamInfo();

        @Override
        public void data(ByteBuf data, boolean end) {
            try {
                if (!over && !request.ended()) {
                    request.data(data, end);
                    if (end) {
                        requestEnded();
                    }
                }
            } finally {
                data.release();
            }
        }

        @Override
        public void trailers(Headers trailers) {
            if (!over && !request.ended()) {
                request.trailers(trailers);
                requestEnded();
            }
        }

        @Override
        public void cancel() {
            if (!over) {
                cancelled = true;
                endIf(true);
                listener.onCancelled();
            }
        }

        @Override
        public Valve input() {
            return input;
        }

        @Override
        public boolean isOpen() {
            return !over;
        }

        @Override
        public boolean isAboveHighWatermark() {
            return false;
        }

        @Override
        public UpstreamInfo upstream() {
            return upstream;
        }
    }
}
