package dev.attache.proxy.router;

import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.router.rewrite.RedirectLocation;
import dev.attache.proxy.router.rewrite.RequestFinalization;
import dev.attache.proxy.router.rewrite.ResponseFinalization;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.BodyFormat;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The router on one stream: takes the route's answer, or starts the {@link Forwarding} that the
 * route means. Loop-confined.
 */
final class Router implements HttpFilter {

    private static final String DETAILS = "direct_response";
    private static final int CLUSTER_NOT_FOUND_STATUS = 503;

    private final RouterFactory factory;
    private @Nullable Forwarding forwarding;

    Router(RouterFactory factory) {
        this.factory = factory;
    }

    @Override
    public Step onRequestHeaders(Headers request, boolean end, FilterContext filterContext) {
        factory.counts().rqTotal.inc();
        Route route = filterContext.route();
        if (route == null) {
            factory.counts().noRoute.inc();
            RouterLog.noRoute(filterContext.info(), request);
            filterContext.info().flag(ResponseFlag.NR);
            return filterContext.respond(LocalReply.of(404, "", "route_not_found"));
        }
        RouteAction action = route.action();
        if (action instanceof RouteAction.Forward forward) {
            return forward(route, forward, request, end, filterContext);
        }
        if (action instanceof RouteAction.NonForwarding) {
            // To Envoy a route whose cluster is called "", which there never is.
            return noCluster("", CLUSTER_NOT_FOUND_STATUS, filterContext);
        }
        // Envoy counts a redirect as a direct response; its rq_redirect stays 0.
        factory.counts().rqDirectResponse.inc();
        StreamInfo info = filterContext.info();
        if (action instanceof RouteAction.DirectResponse direct) {
            return filterContext.respond(answer(route, direct, request, info));
        }
        RouteAction.Redirect redirect = (RouteAction.Redirect) action;
        RequestFinalization.redirect(
                route, redirect, request, info, factory.spec.suppressEnvoyHeaders());
        return filterContext.respond(redirect(route, redirect, request, info));
    }

    private Step forward(
            Route route,
            RouteAction.Forward action,
            Headers request,
            boolean end,
            FilterContext context) {
        StreamInfo info = context.info();
        ClusterSelection selection = context.cluster();
        if (selection == null) {
            throw new IllegalStateException("a route that forwards has no cluster");
        }
        Cluster cluster = factory.clusters.cluster(selection.cluster());
        if (cluster == null) {
            info.clusterName = null;
            info.cluster = null;
            return noCluster(selection.cluster(), action.clusterNotFoundStatus(), context);
        }
        tell(cluster, request, info);
        forwarding =
                new Forwarding(factory, context, route, action, selection, cluster, request, end);
        forwarding.start();
        // As in Envoy, the body waits where it is while a host is waited for.
        return forwarding.awaitsHost() ? Step.PAUSE : Step.DONE;
    }

    /** Which cluster the request is for now. */
    static void tell(Cluster to, Headers request, StreamInfo info) {
        ClusterSpec cluster = to.spec();
        RouterLog.clusterMatch(info, cluster.name(), request);
        info.clusterName = cluster.name();
        info.clusterObservabilityName = cluster.altStatName();
        info.clusterMetadata = cluster.metadata();
        info.cluster = to;
    }

    private Step noCluster(String cluster, int status, FilterContext context) {
        RouterLog.unknownCluster(context.info(), cluster);
        factory.counts().noCluster.inc();
        context.info().flag(ResponseFlag.NC);
        return context.respond(LocalReply.of(status, "", "cluster_not_found"));
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.data(data, end);
        }
        return Step.DONE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.trailers(trailers);
        }
        return Step.DONE;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext filterContext) {
        if (forwarding != null) {
            forwarding.end();
        }
    }

    // ---- answers without an upstream

    static LocalReply answer(
            Route route, RouteAction.DirectResponse direct, Headers request, StreamInfo info) {
        byte[] bytes = direct.body();
        String body = bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
        BodyFormat format = direct.bodyFormat();
        if (format != null) {
            // As in Envoy, before the answer has a status.
            body = format.format(FormatContext.ofReply(info, request, body));
        }
        info.responseCodeDetails(DETAILS);
        LocalReply reply = LocalReply.of(direct.status(), body, DETAILS);
        if (mayPointElsewhere(direct.status()) && request.contains(HeaderName.PATH)) {
            reply = reply.with(HeaderName.LOCATION, RedirectLocation.of(request));
        }
        reply = withRouteHeaders(route, request, info, reply);
        return format == null || body.isEmpty() || format.contentType().isEmpty()
                ? reply
                : typed(reply, format.contentType());
    }

    /** The body is what its format says, whatever the route adds to responses. */
    private static LocalReply typed(LocalReply reply, String contentType) {
        List<LocalReply.Field> others = new ArrayList<>(reply.headers());
        others.removeIf(field -> field.name() == HeaderName.CONTENT_TYPE);
        return new LocalReply(
                        reply.status(), reply.body(), reply.details(), others, reply.grpcStatus())
                .with(HeaderName.CONTENT_TYPE, contentType);
    }

    /** RFC 9110 section 10.2.2: created resources and redirections have a location. */
    private static boolean mayPointElsewhere(int status) {
        return status == 201 || status / 100 == 3;
    }

    static LocalReply redirect(
            Route route, RouteAction.Redirect redirect, Headers request, StreamInfo info) {
        info.responseCodeDetails(DETAILS);
        String location =
                route.virtualHost().isTlsRedirect(route)
                        ? RedirectLocation.overTls(request)
                        : RedirectLocation.of(redirect, request, info);
        LocalReply reply =
                LocalReply.of(redirect.responseCode(), "", DETAILS)
                        .with(HeaderName.LOCATION, location);
        return withRouteHeaders(route, request, info, reply);
    }

    /** What the route adds to responses, added to an answer of our own. */
    private static LocalReply withRouteHeaders(
            Route route, Headers request, StreamInfo info, LocalReply reply) {
        if (route.virtualHost().isTlsRedirect(route)) {
            return reply;
        }
        Headers headers = new Headers(MessagePart.RESPONSE, 128, 8);
        headers.add(HeaderName.STATUS, reply.status());
        reply.headers().forEach(field -> headers.add(field.name(), field.value()));
        ResponseFinalization.response(route, null, request, headers, info);
        LocalReply with =
                new LocalReply(
                        reply.status(),
                        reply.body(),
                        reply.details(),
                        List.of(),
                        reply.grpcStatus());
        headers.remove(HeaderName.STATUS);
        for (int i = 0; i < headers.size(); i++) {
            with = with.with(HeaderName.of(headers.name(i)), headers.value(i));
        }
        return with;
    }

    @Override
    public void explain(ExplainedStream stream, Explanation into) {
        RouterExplanation.explain(factory, stream, into);
    }
}
