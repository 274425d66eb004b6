package dev.attache.proxy.network.http;

import dev.attache.proxy.attempt.HashPolicies;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcTimeout;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.UpgradeType;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.HeaderLevels;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.MaxStreamDuration;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.route.VirtualHost;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.worker.WorkerContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The route of one stream, chosen when first asked for and again after {@link #clear}, and what it
 * says about the stream as a whole. Owned by its stream; loop-confined.
 */
final class StreamRoute {

    private final HttpConnectionManagerFactory chain;
    private final StreamInfo info;
    private @Nullable RouteTable table;
    private @Nullable Route route;
    private @Nullable ClusterSelection cluster;
    private boolean chosen;

    StreamRoute(HttpConnectionManagerFactory chain, StreamInfo info) {
        this.chain = chain;
        this.info = info;
    }

    /** The routes as they are now; the stream keeps to them. Null while RDS has not answered. */
    @Nullable RouteTable pin() {
        table = chain.routeTable();
        return table;
    }

    void clear() {
        chosen = false;
    }

    /** The request is refused before it is routed: no route has a say in its answer. */
    void unpin() {
        table = null;
        chosen = false;
    }

    @Nullable Route get(Headers request) {
        if (!chosen) {
            chosen = true;
            info.routeResolutions++;
            route = table == null || !hasProto(request) ? null : table.match(request, info);
            if (route != null) {
                info.routed = true;
                info.routeName = route.spec().name();
                info.routeMetadata = route.spec().metadata();
                info.virtualHostName = route.virtualHost().spec().name();
                info.virtualHostMetadata = route.virtualHost().spec().metadata();
            } else if (table != null) {
                unrouted(table, request);
            }
            selectCluster(request);
        }
        return route;
    }

    /** The virtual host is known to the log also where none of its routes is the request's. */
    private void unrouted(RouteTable searched, Headers request) {
        VirtualHost host = searched.virtualHost(request);
        info.routed = false;
        info.routeName = "";
        info.routeMetadata = Metadata.EMPTY;
        info.virtualHostName = host == null ? "" : host.spec().name();
        info.virtualHostMetadata = host == null ? Metadata.EMPTY : host.spec().metadata();
    }

    /** Envoy finds no route for a request of which it is not known how it came. */
    private static boolean hasProto(Headers request) {
        int proto = request.indexOf(HeaderName.X_FORWARDED_PROTO);
        return proto >= 0 && request.valueLength(proto) > 0;
    }

    /** The access log names the cluster also when a filter answers before the router. */
    private void selectCluster(Headers request) {
        Cluster known = null;
        cluster = null;
        if (route != null && route.action() instanceof RouteAction.Forward forward) {
            long drawing = HashPolicies.drawing(forward, request, info);
            cluster = ClusterSelection.of(forward.cluster(), request, drawing);
            known = chain.context().clusters().cluster(cluster.cluster());
        }
        info.clusterName = known == null ? null : known.spec().name();
        info.clusterObservabilityName = known == null ? null : known.spec().altStatName();
        info.clusterMetadata = known == null ? Metadata.EMPTY : known.spec().metadata();
        info.cluster = known;
    }

    @Nullable ClusterSelection cluster(Headers request) {
        get(request);
        return cluster;
    }

    /** The route's action where it forwards, else null. */
    RouteAction.@Nullable Forward forward(Headers request) {
        Route of = get(request);
        return of != null && of.action() instanceof RouteAction.Forward forward ? forward : null;
    }

    @Nullable FilterOverride override(String filterName, Headers request) {
        Route of = get(request);
        if (of == null) {
            return null;
        }
        WeightedCluster drawn = cluster == null ? null : cluster.weighted();
        return drawn == null
                ? of.spec().perFilterConfig().get(filterName)
                : drawn.perFilterConfig().get(filterName);
    }

    /** What the route does to responses, done to a reply of our own; nothing without a route. */
    void finalizeReply(Headers request, Headers reply) {
        Route of = chosen ? route : null;
        if (of == null
                || of.action() instanceof RouteAction.DirectResponse
                || of.action() instanceof RouteAction.Redirect) {
            // Answers of the route itself bring its headers along.
            return;
        }
        FormatContext context =
                new FormatContext(info, request, reply, null, "", AccessLogType.NotSet);
        HeaderLevels.response(of, cluster == null ? null : cluster.weighted(), reply, context);
    }

    /** How much a filter may make the pipeline hold, in bytes. */
    long bufferLimit(Headers request) {
        RouteAction.Forward forward = forward(request);
        return forward != null && forward.requestBodyBufferLimit() >= 0
                ? forward.requestBodyBufferLimit()
                : chain.context().bufferLimitBytes();
    }

    /** Whether an upgrade of that lower-case type may pass; the route has the last word. */
    boolean allowsUpgrade(String type, Headers request) {
        RouteAction.Forward forward = forward(request);
        RouteAction.Upgrade onRoute = forward == null ? null : forward.upgrades().get(type);
        if (onRoute != null) {
            return onRoute.enabled();
        }
        for (Map.Entry<String, UpgradeType> entry : chain.spec().upgrades().entrySet()) {
            if (entry.getKey().equalsIgnoreCase(type)) {
                return entry.getValue().enabled();
            }
        }
        return false;
    }

    /**
     * Sets the limits that the route puts in place of the manager's; {@code grpc-timeout} may set
     * the longest duration, up to a cap, and is set to what that then is.
     *
     * @param worker whose clock tells the age of the stream
     */
    void applyTimeouts(StreamTimers timers, Headers request, WorkerContext worker) {
        RouteAction.Forward forward = forward(request);
        if (forward == null) {
            return;
        }
        if (forward.idleTimeoutMillis() >= 0) {
            timers.idleTimeout(forward.idleTimeoutMillis());
        }
        MaxStreamDuration duration = forward.maxStreamDuration();
        if (duration == null) {
            return;
        }
        long limit = byGrpcTimeout(duration, request);
        if (limit < 0) {
            long ofManager = chain.spec().timeouts().maxStreamDuration();
            limit = duration.maxMillis() >= 0 ? duration.maxMillis() : ofManager;
            if (limit <= 0) {
                timers.maxDuration(0);
                return;
            }
        }
        if (LocalReplies.isGrpc(request)) {
            // The upstream learns how long we shall wait.
            request.set(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(limit));
        }
        long age = (worker.nanoTime() - info.startNanos()) / 1_000_000;
        timers.maxDuration(Math.max(1, limit - age));
    }

    /**
     * How long what is left of a response may wait for the client, once it is whole: milliseconds,
     * 0 = for ever. Where neither route nor manager says it, it is the manager's idle timeout, even
     * where the route has another, as in Envoy.
     */
    long flushTimeout(Headers request) {
        RouteAction.Forward forward = chosen ? forward(request) : null;
        if (forward != null && forward.flushTimeoutMillis() >= 0) {
            return forward.flushTimeoutMillis();
        }
        HttpConnectionManagerSpec.Timeouts ofManager = chain.spec().timeouts();
        return ofManager.streamFlush() >= 0 ? ofManager.streamFlush() : ofManager.streamIdle();
    }

    /** In milliseconds; -1 where the request or the route has nothing to say about it. */
    private static long byGrpcTimeout(MaxStreamDuration duration, Headers request) {
        long cap = duration.grpcTimeoutHeaderMaxMillis();
        long asked = cap < 0 ? -1 : GrpcTimeout.millis(request);
        if (asked < 0) {
            return -1;
        }
        long limit = cap > 0 ? Math.min(asked, cap) : asked;
        return Math.max(0, limit - Math.max(0, duration.grpcTimeoutHeaderOffsetMillis()));
    }
}
