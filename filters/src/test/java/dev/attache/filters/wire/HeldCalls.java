package dev.attache.filters.wire;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallScope;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.ScopedCalls;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/** Calls to a collector that takes as much as the test says. */
public final class HeldCalls implements ScopedCalls {

    /** All of them, the first one first. */
    public final List<Held> made = new ArrayList<>();

    /** Whether those that begin are full at once. */
    public boolean full;

    @Override
    public UpstreamCalls within(CallScope scope) {
        return this;
    }

    @Override
    public UpstreamCall start(
            String cluster, Headers head, boolean end, CallOptions options, CallListener listener) {
        Held call = new Held(listener, full);
        made.add(call);
        return call;
    }

    @Override
    public UpstreamCall start(
            GrpcChannel channel, Headers head, CallOptions options, CallListener listener) {
        throw new AssertionError("the service is a cluster");
    }

    /** One call: what it was given, whether it was ended or given up. */
    public static final class Held implements UpstreamCall {

        public final List<byte[]> sent = new ArrayList<>();
        public boolean ended;
        public boolean cancelled;
        private final CallListener listener;
        private boolean full;
        private boolean over;

        Held(CallListener listener, boolean full) {
            this.listener = listener;
            this.full = full;
        }

        /** The collector takes nothing more. */
        public void fill() {
            full = true;
            listener.onAboveHighWatermark();
        }

        /** The collector has read what waited. */
        public void drain() {
            full = false;
            listener.onBelowLowWatermark();
        }

        /** The collector goes away. */
        public void fail() {
            over = true;
            if (full) {
                drain();
            }
            listener.onFailure(CallFailure.NO_HOST);
        }

        @Override
        public void data(ByteBuf data, boolean end) {
            if (!over && data.isReadable()) {
                sent.add(ByteBufUtil.getBytes(data));
            }
            data.release();
            ended |= end;
        }

        @Override
        public void trailers(Headers trailers) {
            throw new AssertionError("gRPC has no trailers of requests");
        }

        @Override
        public void cancel() {
            cancelled |= !over;
            over = true;
            full = false;
        }

        @Override
        public Valve input() {
            return Valve.NONE;
        }

        @Override
        public boolean isOpen() {
            return !over;
        }

        @Override
        public boolean isAboveHighWatermark() {
            return full;
        }

        @Override
        public UpstreamInfo upstream() {
            return new UpstreamInfo();
        }
    }
}
