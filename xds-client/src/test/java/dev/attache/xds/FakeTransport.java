package dev.attache.xds;

import dev.attache.xds.stream.StreamListener;
import dev.attache.xds.stream.XdsStream;
import dev.attache.xds.stream.XdsTransport;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A transport whose other end is the test. Messages are delivered only as far as they are asked
 * for.
 */
public final class FakeTransport implements XdsTransport {

    private final MainLoop loop;
    private final List<FakeStream<?, ?>> streams = new ArrayList<>();
    public boolean reachable = true;
    public boolean closed;

    public FakeTransport(MainLoop loop) {
        this.loop = loop;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public <Q, R> XdsStream<Q> open(MethodDescriptor<Q, R> method, StreamListener<R> listener) {
        FakeStream<Q, R> stream = new FakeStream<>(listener);
        streams.add(stream);
        if (reachable) {
            stream.ready = true;
            loop.execute(listener::onReady);
        } else {
            loop.execute(() -> listener.onClosed(Status.UNAVAILABLE.withDescription("refused")));
        }
        return stream;
    }

    @Override
    public void close() {
        closed = true;
    }

    public int opened() {
        return streams.size();
    }

    /** The newest stream. */
    @SuppressWarnings("unchecked")
    public <Q, R> FakeStream<Q, R> stream() {
        return (FakeStream<Q, R>) streams.getLast();
    }

    /** One stream, seen from the server. */
    public static final class FakeStream<Q, R> implements XdsStream<Q> {
        private final StreamListener<R> listener;
        private final ArrayDeque<Q> sent = new ArrayDeque<>();
        private int asked;
        public boolean ready;
        public boolean cancelled;

        FakeStream(StreamListener<R> listener) {
            this.listener = listener;
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(Q message) {
            sent.add(message);
        }

        @Override
        public void requestNext() {
            asked++;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        /** The next request, or an error if none was sent. */
        public Q next() {
            if (sent.isEmpty()) {
                throw new AssertionError("no request was sent");
            }
            return sent.poll();
        }

        public boolean quiet() {
            return sent.isEmpty();
        }

        public void respond(R response) {
            if (asked == 0) {
                throw new AssertionError("the client did not ask for a message");
            }
            asked--;
            listener.onMessage(response);
        }

        public void fail(Status status) {
            listener.onClosed(status);
        }

        public void becomeReady() {
            ready = true;
            listener.onReady();
        }
    }
}
