package dev.attache.filters.http.grpc_stats;

import dev.attache.filters.grpc.GrpcCells;
import dev.attache.filters.grpc.GrpcMethod;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of gRPC requests. Immutable.
 *
 * @param allMethods every method apart
 * @param allowed methods counted apart where not all are; the others count for the cluster alone
 * @param dotsReplaced dots of a service's name become underscores in its statistics
 * @param upstreamTime a histogram of what the upstream took
 * @param filterState whether the message counts become filter state
 */
record GrpcStatsSpec(
        boolean allMethods,
        Set<GrpcMethod> allowed,
        boolean dotsReplaced,
        boolean upstreamTime,
        boolean filterState)
        implements HttpFilterSpec {

    GrpcStatsSpec {
        allowed = Set.copyOf(allowed);
    }

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        GrpcCells cells = new GrpcCells(scope.stats().store(), scope.worker().index());
        return () -> new GrpcStatsFilter(this, cells);
    }

    /** The method's part of stat names, with its final dot; empty where it is not counted apart. */
    String part(GrpcMethod method) {
        if (!allMethods && !allowed.contains(method)) {
            return "";
        }
        String service = dotsReplaced ? method.service().replace('.', '_') : method.service();
        return service + "." + method.method() + ".";
    }

    /** Where the statistics of a request stand, or null where it is not counted. */
    @Nullable String prefix(@Nullable String cluster, String path) {
        GrpcMethod method = cluster == null ? null : GrpcMethod.of(path);
        return method == null ? null : "cluster." + cluster + ".grpc." + part(method);
    }
}
