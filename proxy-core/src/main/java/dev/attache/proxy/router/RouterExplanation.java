package dev.attache.proxy.router;

import dev.attache.proxy.attempt.RequestGroups;
import dev.attache.proxy.attempt.RetryState;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.RequestPolicies;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.route.RouteAction.ClusterChoice;
import dev.attache.proxy.route.RouteAction.WeightedCluster;
import dev.attache.proxy.route.VirtualCluster;
import dev.attache.proxy.router.rewrite.RequestFinalization;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.upstream.host.Priority;
import dev.attache.proxy.upstream.pool.CircuitBreaker;
import org.jspecify.annotations.Nullable;

/**
 * What the router would do with a request: the steps of {@link Router} and {@link Forwarding} up to
 * the choice of a host, by the same choice of cluster, rewriting, timeouts, retries and balancers,
 * without an attempt. Loop-confined.
 */
final class RouterExplanation {

    private final RouterFactory factory;
    private final ExplainedStream stream;
    private final Headers request;
    private final StreamInfo info;
    private final Explanation whole;

    private RouterExplanation(RouterFactory factory, ExplainedStream stream) {
        this.factory = factory;
        this.stream = stream;
        this.request = stream.headers();
        this.info = stream.info();
        this.whole = stream.whole();
    }

    static void explain(RouterFactory factory, ExplainedStream stream, Explanation into) {
        Route route = stream.route();
        if (route == null) {
            into.say(ExplainedStream.WOULD, "answer: there is no route");
            stream.answers(404, "route_not_found");
            return;
        }
        new RouterExplanation(factory, stream).act(route, into);
    }

    private void act(Route route, Explanation into) {
        Explanation said = whole.part("route");
        VirtualCluster virtual = route.virtualHost().virtualCluster(request);
        said.say("virtual_cluster", virtual == null ? null : virtual.statName());
        boolean suppress = factory.spec.suppressEnvoyHeaders();
        switch (route.action()) {
            case RouteAction.Forward forward -> forward(route, forward, into, said);
            case RouteAction.NonForwarding ignored -> noCluster("", 503, into);
            case RouteAction.DirectResponse direct -> {
                said.say("action", "direct_response");
                answer(Router.answer(route, direct, request, info), into);
            }
            case RouteAction.Redirect redirect -> {
                said.say("action", "redirect");
                RequestFinalization.redirect(route, redirect, request, info, suppress);
                LocalReply reply = Router.redirect(route, redirect, request, info);
                reply.headers().stream()
                        .filter(field -> field.name().equals(HeaderName.LOCATION))
                        .forEach(field -> said.say("location", field.value()));
                answer(reply, into);
            }
        }
    }

    private void answer(LocalReply reply, Explanation into) {
        into.say(ExplainedStream.WOULD, "answer as the route says");
        stream.answers(reply.status(), reply.details());
    }

    private void noCluster(String name, int status, Explanation into) {
        into.say(ExplainedStream.WOULD, "answer: there is no cluster '" + name + "'");
        stream.answers(status, "cluster_not_found");
    }

    private void forward(
            Route route, RouteAction.Forward action, Explanation into, Explanation said) {
        ClusterSelection selection = stream.cluster();
        if (selection == null) {
            throw new IllegalStateException("a route that forwards has no cluster");
        }
        said.say("action", "route");
        choice(action.cluster(), selection, said);
        whole.part("cluster").say("name", selection.cluster());
        Cluster cluster = factory.clusters.cluster(selection.cluster());
        if (cluster == null) {
            noCluster(selection.cluster(), action.clusterNotFoundStatus(), into);
            return;
        }
        into.say(ExplainedStream.WOULD, "forward to cluster " + selection.cluster());
        Headers before = request.copy();
        RequestTimeouts timeouts = RequestTimeouts.of(factory.spec, action, request);
        info.attemptCount = 1;
        RequestFinalization.firstAttempt(route, request);
        RequestFinalization.request(
                route, selection.weighted(), request, info, factory.spec.suppressEnvoyHeaders());
        timeouts(timeouts, whole.part("policy").part("timeouts"));
        RequestPolicies policies = cluster.spec().http().policies();
        Priority priority = action.highPriority() ? Priority.HIGH : Priority.DEFAULT;
        retries(cluster, priority, policies.retry(action), whole.part("policy"));
        rewrites(before, whole.part("rewrites"));
        hosts(action, selection, cluster, policies);
        breakers(cluster.breaker(priority), priority, whole.part("policy"));
        policies.mirrors(action)
                .forEach(mirror ->
                        whole.part("policy").item("mirrors").say("cluster", name(mirror)));
    }

    private static String name(RouteAction.Mirror mirror) {
        return mirror.cluster() != null
                ? mirror.cluster()
                : "named by header " + mirror.clusterHeader();
    }

    private static void choice(ClusterChoice choice, ClusterSelection selection, Explanation said) {
        if (choice instanceof ClusterChoice.FromHeader(HeaderName header)) {
            said.say("cluster_header", header.toString());
        }
        if (!(choice instanceof ClusterChoice.Weighted weighted)) {
            return;
        }
        for (WeightedCluster each : weighted.clusters()) {
            HeaderName header = each.header();
            said.item("weighted_clusters")
                    .say("name", each.cluster())
                    .say("cluster_header", header == null ? null : header.toString())
                    .say("weight", each.weight())
                    .say("total_weight", weighted.total())
                    .say("drawn", each == selection.weighted());
        }
        said.say(
                "drawn_by",
                weighted.useHashPolicy()
                        ? "the hash policy"
                        : weighted.header() != null
                                ? "header " + weighted.header()
                                : "the stream's random value");
    }

    private static void timeouts(RequestTimeouts timeouts, Explanation into) {
        into.say("request_ms", timeouts.global())
                .say("per_try_ms", timeouts.perTry())
                .say("per_try_idle_ms", timeouts.perTryIdle());
        if (timeouts.maxStreamDuration() >= 0) {
            into.say("max_stream_duration_ms", timeouts.maxStreamDuration());
        }
    }

    private void retries(
            Cluster cluster,
            Priority priority,
            @Nullable RetryPolicy configured,
            Explanation policy) {
        RetryState state =
                RetryState.of(
                        factory.worker, cluster, RequestGroups.NONE, priority, configured, request);
        if (state == null) {
            policy.say("retry", "none");
        } else {
            state.explain(policy.part("retry"));
        }
    }

    private void rewrites(Headers before, Explanation into) {
        for (int i = 0; i < request.size(); i++) {
            String name = request.name(i);
            String old = before.get(HeaderName.of(name));
            String now = request.get(HeaderName.of(name));
            if (now != null && !now.equals(old)) {
                rewrite(name, old, now, into);
            }
        }
        for (int i = 0; i < before.size(); i++) {
            HeaderName name = HeaderName.of(before.name(i));
            if (!request.contains(name)) {
                into.item("removed").say("name", name.toString()).say("from", before.value(i));
            }
        }
    }

    private static void rewrite(String name, @Nullable String old, String now, Explanation into) {
        Explanation said =
                name.equals(":path")
                        ? into.part("path")
                        : name.equals(":authority")
                                ? into.part("host")
                                : into.item(old == null ? "added" : "changed").say("name", name);
        said.say("from", old).say("to", now);
    }

    private void hosts(
            RouteAction.Forward action,
            ClusterSelection selection,
            Cluster cluster,
            RequestPolicies policies) {
        HostChoice choice =
                HostChoice.of(policies.hashPolicies(action), action, selection, request, info);
        boolean any = cluster.explain(choice, whole.part("cluster"));
        if (action.hostRewrite() instanceof RouteAction.HostRewrite.Auto) {
            whole.part("rewrites").part("host").say("to", "the name of the chosen host");
        }
        if (any) {
            stream.forwards(selection.cluster());
        } else {
            stream.answers(choice.statusWithout(), "no_healthy_upstream");
        }
    }

    private static void breakers(CircuitBreaker breaker, Priority priority, Explanation policy) {
        Explanation said = policy.part("circuit_breakers").say("priority", priority.name());
        resource("connections", breaker.connections(), said);
        resource("pending_requests", breaker.pendingRequests(), said);
        resource("requests", breaker.requests(), said);
        resource("retries", breaker.retries(), said);
    }

    private static void resource(String name, CircuitBreaker.Resource of, Explanation into) {
        into.part(name).say("used", of.count()).say("max", of.max()).say("open", !of.canCreate());
    }
}
