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
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.route.RouteMatcher.Fraction;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Host;
import dev.attache.proxy.upstream.host.OutlierMonitor.LocalEvent;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.Cancellable;
import dev.attache.proxy.upstream.pool.PoolFailure;
import dev.attache.proxy.upstream.pool.StreamWaiter;
import dev.attache.proxy.upstream.stats.ClusterCounter;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
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
    private final List<Copy> copies = new ArrayList<>(0);
    private final List<Copy> unfinished = new ArrayList<>(0);

    RequestMirrors(RouterFactory factory, FilterContext context, long bufferLimit) {
        this.factory = factory;
        this.context = context;
        this.bufferLimit = bufferLimit;
    }

    /**
     * Draws the policies that apply.
     *
     * @param request as it goes upstream, with the authority that it has before a host is there;
     *     copied
     */
    void prepare(List<Mirror> policies, Headers request) {
        if (policies.isEmpty() || request.getOr(HeaderName.METHOD, "").equals("CONNECT")) {
            return;
        }
        for (int i = 0; i < policies.size(); i++) {
            Mirror policy = policies.get(i);
            Cluster cluster = isDrawn(policy) ? cluster(policy, request) : null;
            if (cluster != null) {
                Headers head = head(request, policy);
                copies.add(new Copy(cluster, head));
            }
        }
    }

    /**
     * @param timeoutMillis 0 = none
     */
    void start(boolean end, long timeoutMillis) {
        for (int i = 0; i < copies.size(); i++) {
            factory.asyncRqTotal.inc();
            copies.get(i).start(end, timeoutMillis);
        }
        copies.clear();
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
    private static Headers head(Headers request, Mirror policy) {
        Headers head = request.copy();
        String host = head.get(HeaderName.AUTHORITY);
        if (policy.hostRewrite() != null) {
            head.set(HeaderName.AUTHORITY, policy.hostRewrite());
        } else if (policy.appendShadowSuffix() && host != null) {
            int port = host.lastIndexOf(':');
            int at = port > host.lastIndexOf(']') ? port : host.length();
            head.set(HeaderName.AUTHORITY, host.substring(0, at) + "-shadow" + host.substring(at));
        }
        head.set(HeaderName.X_ENVOY_INTERNAL, "true");
        head.appendJoined(HeaderName.X_FORWARDED_FOR, LocalAddressOfHost.V4.host(), ",");
        return head;
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
        private final MemoryAccount payer = context.memory();
        private final ResponseCharges charges;
        private boolean headersOnly;
        private @Nullable Host host;
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
        private @Nullable KeptBody pending;
        private @Nullable Headers pendingTrailers;
        private boolean pendingEnd;
        private boolean holding;
        private boolean answered;
        private boolean over;

        Copy(Cluster cluster, Headers head) {
            this.cluster = cluster;
            this.head = head;
            this.charges =
                    new ResponseCharges(
                            cluster,
                            RequestGroups.NONE,
                            true,
                            factory.worker,
                            RequestTimeouts.isGrpc(head));
        }

        /** The copy passes a router of its own, which says how long it may take. */
        void start(boolean end, long timeoutMillis) {
            headersOnly = end;
            StreamInfo info = context.info();
            HostChoice choice =
                    HostChoice.ofCopy(cluster.spec().http().policies().hashPolicies(), head, info);
            if (!(cluster.choose(choice) instanceof Host chosen)) {
                cluster.stats().inc(ClusterCounter.UPSTREAM_CX_NONE_HEALTHY);
                charges.response(503);
                return;
            }
            host = chosen;
            if (!end) {
                unfinished.add(this);
            }
            if (timeoutMillis > 0) {
                if (!factory.spec.suppressEnvoyHeaders()) {
                    head.set(HeaderName.X_ENVOY_EXPECTED_RQ_TIMEOUT_MS, timeoutMillis);
                }
                factory.worker.timers().schedule(timeout, timeoutMillis);
            }
            open(chosen, choice.transportOptions(cluster.spec(), chosen));
        }

        private void open(Host chosen, TransportOptions options) {
            StreamInfo info = context.info();
            Protocol protocol = info.protocol() == null ? Protocol.HTTP11 : info.protocol();
            Cancellable waiting =
                    cluster.newStream(
                            chosen,
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
        public void onStream(HttpStream request, Connection upstream, Host upstreamHost) {
            wait = Cancellable.DONE;
            if (over) {
                request.reset(ResetReason.LOCAL_RESET);
                return;
            }
            stream = request;
            charges.event(upstreamHost, LocalEvent.CONNECT_SUCCESS);
            request.chargeTo(payer);
            request.watermarks(this);
            request.headers(head, headersOnly);
            KeptBody body = pending;
            pending = null;
            if (body != null) {
                request.data(body.take(), pendingEnd);
            }
            if (!over && pendingTrailers != null) {
                request.trailers(pendingTrailers);
            }
            if (!upstream.isAboveHighWatermark()) {
                releaseDownstream();
            }
        }

        @Override
        public void onFailure(
                PoolFailure why, @Nullable String transportFailure, Host upstreamHost) {
            wait = Cancellable.DONE;
            end(why.toReset());
        }

        /** Takes ownership. */
        void send(ByteBuf data, boolean end) {
            if (over) {
                data.release();
            } else if (stream != null) {
                stream.data(data, end);
            } else {
                KeptBody into = pending;
                if (into == null) {
                    into = new KeptBody(payer, factory.worker.allocator());
                    pending = into;
                }
                into.add(data);
                pendingEnd |= end;
                if (into.size() > bufferLimit) {
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
            charges.response((int) headers.getLong(HeaderName.STATUS));
        }

        @Override
        public void headers(Headers headers, boolean end) {
            int status = (int) headers.getLong(HeaderName.STATUS);
            Host from = host;
            if (from != null) {
                charges.answered(from, headers, status);
                charges.passedOn(from, headers, status, end);
            }
            charges.response(status);
            answered = true;
            if (end) {
                complete();
            }
        }

        @Override
        public void data(ByteBuf chunk, boolean end) {
            chunk.release();
            if (end) {
                if (host != null) {
                    charges.endedWithoutTrailers(host);
                }
                complete();
            }
        }

        @Override
        public void trailers(Headers headers) {
            if (host != null) {
                charges.endedWithTrailers(host, headers);
            }
            complete();
        }

        private void complete() {
            charges.time((factory.worker.nanoTime() - startNanos) / 1_000_000);
            close();
        }

        @Override
        public void reset(ResetReason why) {
            end(why);
        }

        private void onTimeout() {
            cluster.stats().inc(ClusterCounter.UPSTREAM_RQ_TIMEOUT);
            if (host != null) {
                charges.timedOut(host);
                charges.event(host, LocalEvent.TIMEOUT);
            }
            abort(504);
            cancel();
        }

        private void end(ResetReason why) {
            if (over) {
                return;
            }
            if (host != null && why != ResetReason.OVERFLOW) {
                charges.event(host, LocalEvent.CONNECT_FAILED);
            }
            abort(UpstreamFailureText.status(why));
            close();
        }

        private void abort(int status) {
            if (host != null) {
                charges.aborted(host, answered, status);
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
