package dev.attache.proxy.call;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.worker.Faults;
import dev.attache.proxy.worker.Timer;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call over a channel. Until the hosts of its target are known it keeps what is sent; then it is
 * a call like others, and the scope of that: however it ends, its client hears of it. Owned by its
 * maker; loop-confined.
 */
final class ChannelCall implements UpstreamCall, Valve, CallScope {

    private final WorkerCalls owner;
    private final GrpcChannels.Client client;
    private final CallScope scope;
    private final Headers head;
    private final CallOptions options;
    private final CallListener listener;
    private final UpstreamInfo none = new UpstreamInfo();
    private final Timer deadline =
            new Timer() {
                @Override
                protected void expire() {
                    fail(CallFailure.timeout(false));
                }
            };

    private @Nullable OpenCall call;
    private @Nullable KeptBody kept;
    private @Nullable Headers trailers;
    private boolean end;
    private boolean above;
    private boolean over;
    private int holds;
    private long startNanos;

    ChannelCall(
            WorkerCalls owner,
            GrpcChannels.Client client,
            CallScope scope,
            Headers head,
            CallOptions options,
            CallListener listener) {
        this.owner = owner;
        this.client = client;
        this.scope = scope;
        this.head = head;
        this.options = options;
        this.listener = listener;
    }

    void start() {
        client.began();
        owner.began(options);
        scope.began(this);
        if (client.target().opened() != null || client.target().isUnusable()) {
            open(options);
            return;
        }
        startNanos = worker().nanoTime();
        client.target().await(this);
        if (options.timeoutMillis() > 0) {
            worker().timers().schedule(deadline, options.timeoutMillis());
        }
    }

    private WorkerContext worker() {
        return owner.worker;
    }

    private OpenCall open(CallOptions how) {
        Cluster to = client.target().opened();
        OpenCall opened = owner.open(this, to, client.target().name(), head, false, how, listener);
        call = opened;
        return opened;
    }

    /** The target is known, or it is known that it never will be. */
    void begin() {
        if (over) {
            return;
        }
        deadline.cancel();
        OpenCall opened = open(withTimeLeft());
        for (int i = 0; i < holds; i++) {
            opened.hold();
        }
        KeptBody body = kept;
        kept = null;
        if (above) {
            opened.beginsAbove();
        }
        if (body != null) {
            opened.data(body.take(), end);
        }
        if (trailers != null) {
            opened.trailers(trailers);
        }
        opened.checkFull();
    }

    private CallOptions withTimeLeft() {
        if (options.timeoutMillis() == 0) {
            return options;
        }
        long gone = TimeUnit.NANOSECONDS.toMillis(worker().nanoTime() - startNanos);
        return options.timeout(Math.max(1, options.timeoutMillis() - gone));
    }

    @Override
    public void data(ByteBuf data, boolean last) {
        if (call != null) {
            call.data(data, last);
        } else if (over || end) {
            data.release();
        } else {
            keep(data);
            end = last;
        }
    }

    private void keep(ByteBuf data) {
        KeptBody into = kept;
        if (into == null) {
            into =
                    new KeptBody(
                            options.payer() != null ? options.payer() : worker().memory().shared(),
                            worker().allocator());
            kept = into;
        }
        into.add(data);
        if (!above && into.size() > options.bufferLimit()) {
            above = true;
            tell(listener::onAboveHighWatermark);
        }
    }

    @Override
    public void trailers(Headers last) {
        if (call != null) {
            call.trailers(last);
        } else if (!over && !end) {
            trailers = last;
            end = true;
        }
    }

    private void fail(CallFailure why) {
        giveUp();
        tell(() -> listener.onFailure(why));
    }

    private void tell(Runnable event) {
        try {
            event.run();
        } catch (Throwable e) {
            Faults.contain(e);
            cancel();
            scope.failed(e);
        }
    }

    /** Ends what waits. */
    private void giveUp() {
        deadline.cancel();
        client.target().forget(this);
        if (kept != null) {
            kept.release();
            kept = null;
        }
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            client.ended();
            scope.ended(this);
            owner.ended(options);
        }
    }

    @Override
    public void cancel() {
        if (call != null) {
            call.cancel();
        } else if (!over) {
            giveUp();
            listener.onCancelled();
        }
    }

    // ---- the scope of the call

    @Override
    public void ended(UpstreamCall opened) {
        end();
    }

    @Override
    public void failed(Throwable thrown) {
        scope.failed(thrown);
    }

    @Override
    public void settled(int grpcStatus) {
        client.settled(grpcStatus);
    }

    @Override
    public Valve input() {
        return this;
    }

    @Override
    public void hold() {
        if (call != null) {
            call.hold();
        } else {
            holds++;
        }
    }

    @Override
    public void release() {
        if (call != null) {
            call.release();
        } else {
            holds--;
        }
    }

    @Override
    public boolean isOpen() {
        return !over && (call == null || call.isOpen());
    }

    @Override
    public boolean isAboveHighWatermark() {
        return call != null ? call.isAboveHighWatermark() : above;
    }

    @Override
    public UpstreamInfo upstream() {
        return call != null ? call.upstream() : none;
    }
}
