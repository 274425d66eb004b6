package dev.attache.proxy.router;

import dev.attache.proxy.call.RequestGroups;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.upstream.ClusterLookup;
import dev.attache.proxy.worker.WorkerContext;

/** The router of one chain on one worker, with its stats {@code http.<prefix>.*}. Loop-confined. */
final class RouterFactory implements HttpFilterFactory {

    final RouterSpec spec;
    final WorkerContext worker;
    final WorkerOverload overload;
    final ClusterLookup clusters;
    final Cell noRoute;
    final Cell noCluster;
    final Cell rqTotal;
    final UpstreamCalls calls;
    final Cell rqDirectResponse;
    final Cell rqOverloadLocalReply;
    final Cell rqResetAfterStart;
    final RequestGroups.Known groups;
    final Cell redirectBadLocation;
    final Cell redirectNoRoute;
    final Cell redirectPredicate;
    final Cell redirectTooMany;
    final Cell redirectUnsafeScheme;

    RouterFactory(RouterSpec spec, HttpFilterScope scope) {
        this.spec = spec;
        this.worker = scope.worker();
        this.overload = scope.overload();
        this.clusters = scope.clusters();
        this.noRoute = cell(scope, "no_route");
        this.noCluster = cell(scope, "no_cluster");
        this.rqTotal = cell(scope, "rq_total");
        this.calls = scope.calls();
        this.rqDirectResponse = cell(scope, "rq_direct_response");
        this.rqResetAfterStart = cell(scope, "rq_reset_after_downstream_response_started");
        this.groups = new RequestGroups.Known(scope.stats().store(), scope.worker().index());
        this.redirectBadLocation = redirect(scope, "bad_location");
        this.redirectNoRoute = redirect(scope, "no_route");
        this.redirectPredicate = redirect(scope, "predicate");
        this.redirectTooMany = redirect(scope, "too_many_redirects");
        this.redirectUnsafeScheme = redirect(scope, "unsafe_scheme");
        this.rqOverloadLocalReply = cell(scope, "rq_overload_local_reply");
        scope.stats().counter("rq_redirect");
    }

    /** Redirects that are passed through although the route wants them followed, by reason. */
    private static Cell redirect(HttpFilterScope scope, String why) {
        return cell(scope, "passthrough_internal_redirect_" + why);
    }

    private static Cell cell(HttpFilterScope scope, String name) {
        return scope.stats().counter(name).cell(scope.worker().index());
    }

    @Override
    public void close() {
        groups.close();
    }

    @Override
    public HttpFilter newFilter() {
        return new Router(this);
    }
}
