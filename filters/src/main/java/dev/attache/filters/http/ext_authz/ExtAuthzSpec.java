package dev.attache.filters.http.ext_authz;

import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.MutationRules;
import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterFactory;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The filter as configured. Immutable.
 *
 * @param body null = the body is not waited for
 * @param statusOnError what the client gets where nobody knows
 * @param tellsLog whether logs can show what asking took
 * @param emitsSpan whether asking is a span of the request's trace
 */
record ExtAuthzSpec(
        AuthorizationService service,
        String statPrefix,
        @Nullable BodySettings body,
        Failure failure,
        Enabling enabling,
        Shown shown,
        Applying applying,
        int statusOnError,
        boolean tellsLog,
        boolean emitsSpan,
        @Nullable CacheSettings cache)
        implements HttpFilterSpec {

    /**
     * Where nobody knows.
     *
     * @param allow whether the request goes on
     * @param addHeader whether its upstream is told so
     */
    record Failure(boolean allow, boolean addHeader) {}

    /**
     * Which requests are asked about.
     *
     * @param share by the stream's random value
     * @param metadata what dynamic metadata has to say; null = anything
     * @param denyOthers whether the others are refused
     */
    record Enabling(LongPredicate share, @Nullable MetadataMatch metadata, boolean denyOthers) {}

    /**
     * What the service is told.
     *
     * @param allowed headers; null = all
     * @param rawHeaders whether headers go as octets
     * @param labels of the destination
     */
    record Shown(
            @Nullable List<StringMatcher> allowed,
            List<StringMatcher> disallowed,
            boolean rawHeaders,
            boolean certificate,
            boolean tlsSession,
            Map<String, String> labels,
            ToldMetadata metadata,
            ToldMetadata routeMetadata) {}

    /**
     * What an answer may do.
     *
     * @param shadow nothing but what lets a request through: refusals are counted
     * @param rules null = anything
     * @param clearingHeaders the route is chosen again only where one of these has changed, or the
     *     query; empty = after any change
     * @param maxDeniedBody in bytes; 0 = no limit
     * @param limitsResponse whether a response takes no more headers than one from upstream may
     *     have
     * @param chargeCluster whether a refusal counts as a response of the route's cluster
     */
    record Applying(
            boolean shadow,
            boolean validate,
            @Nullable MutationRules rules,
            boolean clearRouteCache,
            Set<String> clearingHeaders,
            boolean metadata,
            long maxDeniedBody,
            boolean limitsResponse,
            boolean chargeCluster) {}

    /**
     * {@code attache.decision_cache}: answers are kept. Ours.
     *
     * @param keys names of headers that decide beside each other; pseudo-headers are possible
     * @param keepDenied whether refusals are kept too
     */
    record CacheSettings(List<String> keys, long ttlMillis, int size, boolean keepDenied) {}

    @Override
    public HttpFilterFactory open(HttpFilterScope scope) {
        ExtAuthzStats stats = new ExtAuthzStats(scope.stats(), statPrefix, scope.worker().index());
        DecisionCache kept =
                cache == null
                        ? null
                        : new DecisionCache(
                                cache,
                                scope.stats().scope("ext_authz."),
                                scope.worker().index(),
                                scope.worker()::nanoTime);
        return new HttpFilterFactory() {
            @Override
            public HttpFilter newFilter() {
                return new ExtAuthzFilter(ExtAuthzSpec.this, stats, scope, kept);
            }

            @Override
            public void explain(ExplainedStream stream, Explanation into) {
                ExtAuthzSpec.this.explain(stream, into);
            }

            @Override
            public void close() {
                if (kept != null) {
                    kept.close();
                }
            }
        };
    }

    private void explain(ExplainedStream stream, Explanation into) {
        List<ExtAuthzOverride> ofRoute = stream.overrides(ExtAuthzOverride.class);
        if (stream.route() == null) {
            into.say(ExplainedStream.WOULD, "pass: there is no route");
        } else if (!ofRoute.isEmpty() && ofRoute.getFirst().disabled()) {
            into.say(ExplainedStream.WOULD, "pass: the route switches it off");
        } else {
            into.say(ExplainedStream.WOULD, "ask its authorization service, and do as that says")
                    .say("failure_mode_allow", failure.allow());
            stream.asks(into, service.described());
        }
    }
}
