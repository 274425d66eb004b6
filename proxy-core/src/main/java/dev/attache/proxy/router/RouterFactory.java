package dev.attache.proxy.router;

import dev.attache.proxy.attempt.RequestGroups;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatFamily;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;
import org.jspecify.annotations.Nullable;

/** The router of one chain on one worker, with its stats {@code http.<prefix>.*}. Loop-confined. */
final class RouterFactory implements HttpFilterFactory {

    private static final StatFamily NAMES =
            StatFamily.builder()
                    .counters(
                            "no_route",
                            "no_cluster",
                            "rq_total",
                            "rq_direct_response",
                            "rq_redirect",
                            "rq_reset_after_downstream_response_started",
                            "rq_overload_local_reply",
                            "passthrough_internal_redirect_bad_location",
                            "passthrough_internal_redirect_no_route",
                            "passthrough_internal_redirect_predicate",
                            "passthrough_internal_redirect_too_many_redirects",
                            "passthrough_internal_redirect_unsafe_scheme")
                    .build();

    final RouterSpec spec;
    final WorkerContext worker;
    final WorkerOverload overload;
    final ClusterLookup clusters;
    final UpstreamCalls calls;
    final RequestGroups.Known groups;
    final @Nullable UpstreamChain upstreamFilters;
    private final Scope scope;
    private @Nullable Counts counts;

    RouterFactory(RouterSpec spec, HttpFilterScope scope) {
        this.spec = spec;
        this.worker = scope.worker();
        this.overload = scope.overload();
        this.clusters = scope.clusters();
        this.calls = scope.calls();
        this.groups = new RequestGroups.Known(scope.stats().store(), scope.worker().index());
        this.scope = scope.stats();
        this.scope.declare(NAMES);
        this.upstreamFilters =
                spec.upstreamFilters() == null
                        ? null
                        : new UpstreamChain(spec.upstreamFilters(), ofUpstreamFilters(scope));
    }

    /** Cells of what is counted. */
    static final class Counts {
        final Cell noRoute;
        final Cell noCluster;
        final Cell rqTotal;
        final Cell rqDirectResponse;
        final Cell rqOverloadLocalReply;
        final Cell rqResetAfterStart;
        final Cell redirectBadLocation;
        final Cell redirectNoRoute;
        final Cell redirectPredicate;
        final Cell redirectTooMany;
        final Cell redirectUnsafeScheme;

        private Counts(Scope scope, int worker) {
            noRoute = scope.counter("no_route").cell(worker);
            noCluster = scope.counter("no_cluster").cell(worker);
            rqTotal = scope.counter("rq_total").cell(worker);
            rqDirectResponse = scope.counter("rq_direct_response").cell(worker);
            rqOverloadLocalReply = scope.counter("rq_overload_local_reply").cell(worker);
            rqResetAfterStart =
                    scope.counter("rq_reset_after_downstream_response_started").cell(worker);
            redirectBadLocation = redirect(scope, "bad_location", worker);
            redirectNoRoute = redirect(scope, "no_route", worker);
            redirectPredicate = redirect(scope, "predicate", worker);
            redirectTooMany = redirect(scope, "too_many_redirects", worker);
            redirectUnsafeScheme = redirect(scope, "unsafe_scheme", worker);
        }

        /** Redirects that are passed through although the route wants them followed, by reason. */
        private static Cell redirect(Scope scope, String why, int worker) {
            return scope.counter("passthrough_internal_redirect_" + why).cell(worker);
        }
    }

    /** Made with the first request: most of a thousand listeners may never have one. */
    Counts counts() {
        Counts counting = counts;
        if (counting == null) {
            counting = new Counts(scope, worker.index());
            counts = counting;
        }
        return counting;
    }

    /** As in Envoy, their names begin right behind the manager's prefix. */
    private static HttpFilterScope ofUpstreamFilters(HttpFilterScope scope) {
        return new HttpFilterScope(
                scope.worker(),
                scope.overload(),
                scope.stats().withoutDot(),
                scope.clusters(),
                scope.calls(),
                scope.nodeCluster(),
                scope.nodeZone());
    }

    @Override
    public void close() {
        groups.close();
        if (upstreamFilters != null) {
            upstreamFilters.retire();
        }
    }

    @Override
    public HttpFilter newFilter() {
        return new Router(this);
    }
}
