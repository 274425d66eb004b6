package dev.attache.proxy.router;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.HeaderEdit;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.route.match.RouteMatcher.Fraction;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.lb.PickContext;
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
    private List<Copy> copies = List.of();
    private List<Copy> unfinished = List.of();

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
        copies = new ArrayList<>(policies.size());
        for (int i = 0; i < policies.size(); i++) {
            Mirror policy = policies.get(i);
            String cluster = isDrawn(policy) ? cluster(policy, request) : null;
            if (cluster != null) {
                Headers head = head(request, policy);
                copies.add(new Copy(cluster, head, policy.traceSampled()));
            }
        }
    }

    /**
     * @param timeoutMillis 0 = none
     * @param original what the request itself wants of hosts
     */
    void start(boolean end, long timeoutMillis, PickContext original) {
        if (!end && !copies.isEmpty()) {
            unfinished = new ArrayList<>(copies.size());
        }
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).start(end, timeoutMillis, original);
        }
        copies = List.of();
    }

    private boolean isDrawn(Mirror policy) {
        Fraction fraction = policy.fraction();
        return fraction == null
                || Long.remainderUnsigned(context.info().random, fraction.denominator())
                        < fraction.numerator();
    }

    private @Nullable String cluster(Mirror policy, Headers request) {
        String name = policy.cluster();
        if (name == null && policy.clusterHeader() != null) {
            name = request.get(policy.clusterHeader());
        }
        return name == null || factory.clusters.cluster(name) == null ? null : name;
    }

    private Headers head(Headers request, Mirror policy) {
        Headers head = request.copy();
        HeaderEdit.apply(policy.edits(), head, FormatContext.of(context.info(), head));
        String host = head.get(HeaderName.AUTHORITY);
        if (policy.hostRewrite() != null) {
            head.set(HeaderName.AUTHORITY, policy.hostRewrite());
        } else if (policy.appendShadowSuffix() && host != null) {
            int port = host.lastIndexOf(':');
            int at = port > host.lastIndexOf(']') ? port : host.length();
            head.set(HeaderName.AUTHORITY, host.substring(0, at) + "-shadow" + host.substring(at));
        }
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
        unfinished = List.of();
    }

    /** The request will not become whole. */
    void cancelUnfinished() {
        for (int i = 0; i < unfinished.size(); i++) {
            unfinished.get(i).cancel();
        }
        unfinished = List.of();
    }

    /** One copy on its way; what comes back is thrown away. */
    private final class Copy implements CallListener {

        private final String cluster;
        private final Headers head;
        private final @Nullable Boolean traceSampled;
        private final Valve downstream = context.valve(Direction.REQUEST);
        private @Nullable UpstreamCall call;
        private boolean holding;

        Copy(String cluster, Headers head, @Nullable Boolean traceSampled) {
            this.cluster = cluster;
            this.head = head;
            this.traceSampled = traceSampled;
        }

        void start(boolean end, long timeoutMillis, PickContext original) {
            CallOptions options =
                    CallOptions.DEFAULT
                            .timeout(timeoutMillis)
                            .limits(bufferLimit, 0)
                            .paidBy(context.memory())
                            .copyOf(context.info(), original.metadataMatch())
                            .span(CallSpan.of(context.trace(), "mirror", traceSampled));
            call = factory.calls.start(cluster, head, end, options, this);
            if (!end) {
                unfinished.add(this);
            }
        }

        /** Takes ownership. */
        void send(ByteBuf data, boolean end) {
            if (call != null) {
                call.data(data, end);
            } else {
                data.release();
            }
        }

        void send(Headers trailers) {
            if (call != null) {
                call.trailers(trailers);
            }
        }

        void cancel() {
            if (call != null) {
                call.cancel();
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
        public void onHeaders(Headers response, boolean end) {
            // Counted by the call.
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onTrailers(Headers trailers) {
            // Nobody is told.
        }

        @Override
        public void onFailure(CallFailure why) {
            // Counted by the call; the client's request does not depend on it.
        }
    }
}
