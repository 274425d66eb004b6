package dev.attache.filters.http.ext_proc;

import dev.attache.filters.authorization.MutationRules;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;
import java.util.Set;

/**
 * The filter as configured. Immutable.
 *
 * @param upstream whether it stands among the upstream filters of a cluster
 * @param mode what the processor sees, unless a route or the processor says otherwise
 * @param rules what it may change
 */
record ExtProcSpec(
        GrpcService service,
        String statPrefix,
        boolean upstream,
        ProcessingMode mode,
        Failure failure,
        Waiting waiting,
        Told told,
        Heeding heeding,
        MutationRules rules)
        implements HttpFilterSpec {

    /**
     * Where the processor fails.
     *
     * @param allow whether messages go on without it
     * @param status what the client gets otherwise
     */
    record Failure(boolean allow, int status) {}

    /**
     * How the processor is waited for.
     *
     * @param timeoutMillis for each answer
     * @param maxTimeoutMillis how long it may ask for; 0 = it may not
     * @param observes it is never waited for, and nothing that it says is heeded
     * @param closeMillis how long its stream outlives a request that was only observed
     * @param bodyBeforeHeaders whether a streamed body is sent while the answer about the head is
     *     still to come
     */
    record Waiting(
            long timeoutMillis,
            long maxTimeoutMillis,
            boolean observes,
            long closeMillis,
            boolean bodyBeforeHeaders) {}

    /**
     * What the processor is told beside the message.
     *
     * @param allowed headers; empty = all
     * @param metadata of request and connection
     * @param clusterMetadata of the cluster that the request is for
     */
    record Told(
            List<StringMatcher> allowed,
            List<StringMatcher> disallowed,
            ToldAttributes attributes,
            ToldMetadata metadata,
            ToldMetadata clusterMetadata,
            boolean emitsSpan) {}

    /** What is done about the route when headers of a request have changed. */
    enum RouteAction {
        /** It is chosen again where the processor says so. */
        DEFAULT,
        CLEAR,
        RETAIN
    }

    /**
     * What of an answer is heeded.
     *
     * @param modes those that the processor may choose; empty = any
     * @param metadataNamespaces that it may write
     * @param keepsLength whether a body that it may change keeps its {@code content-length}
     */
    record Heeding(
            boolean immediate,
            boolean modeOverride,
            List<ProcessingMode> modes,
            RouteAction route,
            Set<String> metadataNamespaces,
            boolean keepsLength) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        ExtProcStats stats = new ExtProcStats(scope.stats(), statPrefix, scope.worker().index());
        return new HttpFilterFactory() {
            @Override
            public HttpFilter newFilter() {
                return new ExtProcFilter(ExtProcSpec.this, stats, scope);
            }

            @Override
            public void explain(ExplainedStream stream, Explanation into) {
                ExtProcSpec.this.explain(stream, into);
            }
        };
    }

    private void explain(ExplainedStream stream, Explanation into) {
        List<ExtProcOverride> ofRoute = stream.overrides(ExtProcOverride.class);
        if (!ofRoute.isEmpty() && ofRoute.getFirst().disabled()) {
            into.say(ExplainedStream.WOULD, "pass: the route switches it off");
        } else if (waiting.observes()) {
            into.say(ExplainedStream.WOULD, "show it to its external processor, and pass it on");
        } else {
            into.say(ExplainedStream.WOULD, "ask its external processor, and do as that says")
                    .say("failure_mode_allow", failure.allow());
        }
    }
}
