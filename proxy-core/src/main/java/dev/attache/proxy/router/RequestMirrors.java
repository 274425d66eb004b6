package dev.attache.proxy.router;

import dev.attache.proxy.address.LocalAddressOfHost;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.route.RouteMatcher.Fraction;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.Pick;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.upstream.stats.ResponseGroup;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The copies of one request that {@code request_mirror_policies} send elsewhere, as it streams in.
 * What comes back is counted and thrown away. A copy that is whole outlives the stream; one that is
 * not ends with it. Owned by the request's {@link Forwarding}; loop-confined.
 */
final class RequestMirrors {

    private final RouterFactory factory;
    private final FilterContext context;
    private final long bufferLimit;
    private final List<Copy> unfinished = new ArrayList<>(0);

    RequestMirrors(RouterFactory factory, FilterContext context, long bufferLimit) {
        this.factory = factory;
        this.context = context;
        this.bufferLimit = bufferLimit;
    }

    /**
     * @param request as it goes upstream; copied
     * @param timeoutMillis 0 = none
     */
    void start(
            RouteAction.Forward action,
            ClusterSelection selection,
            Headers request,
            boolean end,
            long timeoutMillis) {
        List<Mirror> policies = action.mirrors();
        for (int i = 0; i < policies.size(); i++) {
            Mirror policy = policies.get(i);
            Cluster cluster = isDrawn(policy) ? cluster(policy, request) : null;
            if (cluster == null) {
                continue;
            }
            Headers head = head(request, policy.appendShadowSuffix());
            HostChoice choice = new HostChoice(action, selection, null, head, context.info());
            Pick pick = cluster.choose(choice);
            if (pick instanceof Host host) {
                Copy copy = new Copy(cluster, head, end);
                if (!end) {
                    unfinished.add(copy);
                }
                copy.open(host, choice.transportOptions(cluster.spec(), host), timeoutMillis);
            } else {
                cluster.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
                charge(cluster, 503);
            }
        }
    }

    private boolean isDrawn(Mirror policy) {
        Fraction fraction = policy.fraction();
        return fraction == null
                || Long.remainderUnsigned(context.info().random, fraction.denominator())
                        < fraction.numerator();
    }

    private @Nullable Cluster cluster(Mirror policy, Headers request) {
        String name = policy.cluster();
        if (name == null && policy.clusterHeader() != null) {
            name = request.get(policy.clusterHeader());
        }
        return name == null ? null : factory.clusters.cluster(name);
    }

    /** Envoy's asynchronous client marks what it sends as internal and ours. */
    private static Headers head(Headers request, boolean suffix) {
        Headers head = request.copy();
        String host = head.get(HeaderName.AUTHORITY);
        if (suffix && host != null) {
            int port = host.lastIndexOf(':');
            int at = port > host.lastIndexOf(']') ? port : host.length();
            head.set(HeaderName.AUTHORITY, host.substring(0, at) + "-shadow" + host.substring(at));
        }
        head.set(HeaderName.X_ENVOY_INTERNAL, "true");
        head.appendJoined(HeaderName.X_FORWARDED_FOR, LocalAddressOfHost.V4.host(), ",");
        return head;
    }

    private static void charge(Cluster cluster, int status) {
        cluster.stats().response(ResponseGroup.ALL, status);
        cluster.stats().response(ResponseGroup.INTERNAL, status);
    }

    /** Leaves {@code data} with the caller. */
    void data(ByteBuf data, boolean end) {
        for (int i = 0; i < unfinished.size(); i++) {
            unfinished.get(i).send(data.retainedSlice(), end);
        }
        if (end) {
            finished();
        }
    }

    void trailers(Headers trailers) {
        for (int i = 0; i < unfinished.size(); i++) {
            unfinished.get(i).send(trailers.copy());
        }
        finished();
    }

    private void finished() {
        for (int i = 0; i < unfinished.size(); i++) {
            unfinished.get(i).releaseDownstream();
        }
        unfinished.clear();
    }

    /** The request will not become whole. */
    void cancelUnfinished() {
        for (int i = 0; i < unfinished.size(); i++) {
            unfinished.get(i).cancel();
        }
        unfinished.clear();
    }

    /** One copy on its way. */
    private final class Copy implements StreamWaiter, HttpSink, WatermarkListener {

        private final Cluster cluster;
        private final Headers head;
        private final boolean headersOnly;
        private final long startNanos = factory.worker.nanoTime();
        private final Valve downstream = context.valve(Direction.REQUEST);
        private final Timer timeout =
                new Timer() {
                    @Override
                    protected void expire() {
                        onTimeout();
                    }
                };
        private Cancellable wait = Cancellable.DONE;
        private @Nullable HttpStream stream;
        private @Nullable CompositeByteBuf pending;
        private @Nullable Headers pendingTrailers;
        private boolean pendingEnd;
        private boolean holding;
        private boolean over;

        Copy(Cluster cluster, Headers head, boolean headersOnly) {
            this.cluster = cluster;
            this.head = head;
            this.headersOnly = headersOnly;
        }

        void open(Host host, TransportOptions options, long timeoutMillis) {
            if (timeoutMillis > 0) {
                factory.worker.timers().schedule(timeout, timeoutMillis);
            }
            StreamInfo info = context.info();
            Protocol protocol = info.protocol() == null ? Protocol.HTTP11 : info.protocol();
            Cancellable waiting =
                    cluster.newStream(
                            host,
                            Priority.DEFAULT,
                            protocol,
                            options,
                            info.downstream().id(),
                            this,
                            this);
            if (stream == null && !over) {
                wait = waiting;
            }
        }

        @Override
        public void onStream(HttpStream request, Connection upstream, Host host) {
            wait = Cancellable.DONE;
            if (over) {
                request.reset(ResetReason.LOCAL_RESET);
                return;
            }
            stream = request;
            request.watermarks(this);
            request.headers(head, headersOnly);
            CompositeByteBuf body = pending;
            pending = null;
            if (body != null) {
                request.data(body, pendingEnd);
            }
            if (!over && pendingTrailers != null) {
                request.trailers(pendingTrailers);
            }
            if (!upstream.isAboveHighWatermark()) {
                releaseDownstream();
            }
        }

        @Override
        public void onFailure(PoolFailure why, @Nullable String transportFailure, Host host) {
            wait = Cancellable.DONE;
            end(UpstreamFailureText.status(why.toReset()));
        }

        /** Takes ownership. */
        void send(ByteBuf data, boolean end) {
            if (over) {
                data.release();
            } else if (stream != null) {
                stream.data(data, end);
            } else {
                CompositeByteBuf into = pending != null ? pending : Unpooled.compositeBuffer(1024);
                pending = into.addComponent(true, data);
                pendingEnd |= end;
                if (into.readableBytes() > bufferLimit) {
                    onAboveHighWatermark();
                }
            }
        }

        void send(Headers trailers) {
            if (stream != null && !over) {
                stream.trailers(trailers);
            } else {
                pendingTrailers = trailers;
            }
        }

        @Override
        public void onAboveHighWatermark() {
            if (!holding && unfinished.contains(this)) {
                holding = true;
                downstream.hold();
            }
        }

        @Override
        public void onBelowLowWatermark() {
            releaseDownstream();
        }

        void releaseDownstream() {
            if (holding) {
                holding = false;
                downstream.release();
            }
        }

        @Override
        public void informational(Headers headers) {
            charge(cluster, (int) headers.getLong(HeaderName.STATUS));
        }

        @Override
        public void headers(Headers headers, boolean end) {
            charge(cluster, (int) headers.getLong(HeaderName.STATUS));
            if (end) {
                complete();
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            chunk.release();
            if (end) {
                complete();
            }
        }

        @Override
        public void trailers(Headers headers) {
            complete();
        }

        private void complete() {
            long millis = (factory.worker.nanoTime() - startNanos) / 1_000_000;
            cluster.stats().responseTime(ResponseGroup.ALL, millis);
            cluster.stats().responseTime(ResponseGroup.INTERNAL, millis);
            close();
        }

        @Override
        public void reset(ResetReason why) {
            end(UpstreamFailureText.status(why));
        }

        private void onTimeout() {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            charge(cluster, 504);
            cancel();
        }

        private void end(int status) {
            if (!over) {
                charge(cluster, status);
                close();
            }
        }

        void cancel() {
            if (over) {
                return;
            }
            Cancellable waiting = wait;
            HttpStream open = stream;
            close();
            waiting.cancel();
            if (open != null) {
                open.reset(ResetReason.LOCAL_RESET);
            }
        }

        private void close() {
            over = true;
            wait = Cancellable.DONE;
            timeout.cancel();
            releaseDownstream();
            if (stream != null) {
                stream.watermarks(null);
            }
            if (pending != null) {
                pending.release();
                pending = null;
            }
        }
    }
}
