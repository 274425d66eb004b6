package dev.attache.proxy.call;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.upstream.dial.Cancellable;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way to a worker's calls for other threads, such as the main loop: the request is made on the
 * worker, and what comes of it is told on the caller's executor. Any thread.
 */
public final class CallGate {

    /** What came of a call; on the executor that the caller named. */
    public interface Listener {

        void onResponse(Headers head, byte[] body);

        void onFailure(CallFailure why);
    }

    private final EventLoop loop;
    private final UpstreamCalls calls;

    /**
     * @param loop on which {@code calls} are made
     */
    public CallGate(EventLoop loop, UpstreamCalls calls) {
        this.loop = loop;
        this.calls = calls;
    }

    /**
     * Sends a whole request, and gathers the response.
     *
     * @param head see {@link UpstreamCalls#start}; not to be touched afterwards
     * @param body null = none
     * @param told where {@code listener} is called; its thread is the one to cancel on, so that
     *     nothing comes afterwards
     */
    public Cancellable send(
            String cluster,
            Headers head,
            byte @Nullable [] body,
            CallOptions options,
            Executor told,
            Listener listener) {
        Remote remote = new Remote(told, listener);
        try {
            loop.execute(() -> remote.start(calls, cluster, head, body, options));
        } catch (RejectedExecutionException ended) {
            remote.onFailure(CallFailure.noWorker());
        }
        return () -> remote.cancel(loop);
    }

    /** One call, seen from both threads. */
    private static final class Remote implements ResponseListener {
        private final Executor told;
        private final Listener listener;
        private final AtomicBoolean cancelled = new AtomicBoolean();
        private final AtomicReference<@Nullable UpstreamCall> call = new AtomicReference<>();

        Remote(Executor told, Listener listener) {
            this.told = told;
            this.listener = listener;
        }

        void start(
                UpstreamCalls calls,
                String cluster,
                Headers head,
                byte @Nullable [] body,
                CallOptions options) {
            if (!cancelled.get()) {
                ByteBuf whole = body == null ? null : Unpooled.wrappedBuffer(body);
                call.set(calls.send(cluster, head, whole, options, this));
            }
        }

        void cancel(EventLoop loop) {
            cancelled.set(true);
            try {
                loop.execute(() -> {
                    UpstreamCall open = call.get();
                    if (open != null) {
                        open.cancel();
                    }
                });
            } catch (RejectedExecutionException ended) {
                // The worker is gone, and its calls with it.
                call.set(null);
            }
        }

        @Override
        public void onResponse(Headers head, ByteBuf body) {
            byte[] bytes = ByteBufUtil.getBytes(body);
            tell(() -> listener.onResponse(head, bytes));
        }

        @Override
        public void onFailure(CallFailure why) {
            tell(() -> listener.onFailure(why));
        }

        private void tell(Runnable event) {
            told.execute(() -> {
                if (!cancelled.get()) {
                    event.run();
                }
            });
        }
    }
}
