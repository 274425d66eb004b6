package dev.attache.xds.stream;

import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.MainLoop;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream that reopens itself until it is closed: after every end it waits by the back-off, which
 * starts over once a message has arrived. Requests are sent only while the stream can take them and
 * the rate limit allows; the owner is told when to try again. Main loop only.
 */
public final class RetryingStream<Q, R> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** Whoever speaks the protocol on the stream. */
    public interface Owner<R> {
        /** A new stream is open and ready; whatever was said on an older one is forgotten. */
        void onEstablished();

        /** A request that could not be sent before may be sent now. */
        void onWritable();

        /**
         * @param taken to be run once the message is dealt with: the next one is asked for then
         */
        void onMessage(R message, Runnable taken);

        /** The stream is gone, or could not be opened; a new attempt is scheduled. */
        void onLost(String detail);
    }

    private final MainLoop loop;
    private final XdsTransport transport;
    private final MethodDescriptor<Q, R> method;
    private final Backoff backoff;
    private final @Nullable RateLimit rateLimit;
    private final ControlPlaneStats stats;
    private final Owner<R> owner;

    private @Nullable Attempt attempt;
    private MainLoop.@Nullable Timer reopen;
    private MainLoop.@Nullable Timer refill;
    private boolean closed;

    public RetryingStream(
            MainLoop loop,
            XdsTransport transport,
            MethodDescriptor<Q, R> method,
            Backoff backoff,
            @Nullable RateLimit rateLimit,
            ControlPlaneStats stats,
            Owner<R> owner) {
        this.loop = loop;
        this.transport = transport;
        this.method = method;
        this.backoff = backoff;
        this.rateLimit = rateLimit;
        this.stats = stats;
        this.owner = owner;
    }

    /** Opens the first stream. */
    public void start() {
        stats.connected(false);
        open();
    }

    /**
     * Whether the next {@link #send} is allowed now; takes a token of the rate limit if so. If not,
     * the owner hears {@link Owner#onWritable} (or {@link Owner#onEstablished}) later.
     */
    public boolean maySend() {
        Attempt current = attempt;
        if (current == null || !current.established || !current.ready()) {
            return false;
        }
        if (rateLimit == null || rateLimit.tryTake(loop.nanoTime())) {
            return true;
        }
        if (refill == null) {
            stats.rateLimitEnforced();
            refill = loop.schedule(rateLimit.untilNext(loop.nanoTime()), this::refilled);
        }
        return false;
    }

    /** Sends; only after {@link #maySend} said yes in the same task. */
    public void send(Q request) {
        Attempt current = attempt;
        if (current != null && current.stream != null) {
            current.stream.send(request);
        }
    }

    /** Ends the stream for good; the transport is closed with it. */
    @Override
    public void close() {
        closed = true;
        if (reopen != null) {
            reopen.cancel();
        }
        if (refill != null) {
            refill.cancel();
        }
        Attempt current = attempt;
        attempt = null;
        if (current != null && current.stream != null) {
            current.stream.cancel();
        }
        stats.connected(false);
        transport.close();
    }

    private void refilled() {
        refill = null;
        if (!closed) {
            owner.onWritable();
        }
    }

    private void open() {
        reopen = null;
        if (closed) {
            return;
        }
        Attempt opened = new Attempt();
        attempt = opened;
        opened.stream = transport.open(method, opened);
    }

    private void lost(Status status) {
        attempt = null;
        String detail = describe(status);
        LOG.warn(
                "{} gRPC config stream to {} closed: {}, {}",
                method.getBareMethodName(),
                transport.name(),
                status.getCode().value(),
                detail);
        stats.connected(false);
        reopen = loop.schedule(backoff.next(), this::open);
        owner.onLost(detail);
    }

    private static String describe(Status status) {
        String text = status.getDescription();
        Throwable cause = status.getCause();
        if (text == null) {
            text = cause == null ? "" : String.valueOf(cause.getMessage());
        } else if (cause != null && cause.getMessage() != null) {
            text = text + ": " + cause.getMessage();
        }
        return text;
    }

    /** One stream of the sequence; events of a stream that has been replaced are dropped. */
    private final class Attempt implements StreamListener<R> {
        @Nullable XdsStream<Q> stream;
        boolean established;

        boolean ready() {
            return stream != null && stream.isReady();
        }

        @Override
        public void onReady() {
            if (attempt != this || stream == null) {
                return;
            }
            if (established) {
                owner.onWritable();
                return;
            }
            established = true;
            stats.connected(true);
            stream.requestNext();
            owner.onEstablished();
        }

        @Override
        public void onMessage(R message) {
            if (attempt != this) {
                return;
            }
            backoff.reset();
            owner.onMessage(message, this::taken);
        }

        private void taken() {
            if (attempt == this && stream != null) {
                stream.requestNext();
            }
        }

        @Override
        public void onClosed(Status status) {
            if (attempt == this) {
                lost(status);
            }
        }
    }
}
