package dev.attache.config.route;

import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.route.RouteAction.Mirror;
import dev.attache.proxy.route.match.RouteMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteAction.RequestMirrorPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code request_mirror_policies}; a level that has any replaces those around it. */
final class MirrorCompiler {
    private MirrorCompiler() {}

    static List<Mirror> compile(
            List<RequestMirrorPolicy> policies,
            List<Mirror> inherited,
            @Nullable Predicate<String> clusterExists,
            CompileContext context) {
        if (policies.isEmpty()) {
            return inherited;
        }
        List<Mirror> mirrors = new ArrayList<>();
        for (int i = 0; i < policies.size(); i++) {
            CompileContext at = context.at("request_mirror_policies", i);
            mirrors.add(mirror(policies.get(i), clusterExists, at));
        }
        return mirrors;
    }

    private static Mirror mirror(
            RequestMirrorPolicy policy,
            @Nullable Predicate<String> clusterExists,
            CompileContext context) {
        boolean named = !policy.getCluster().isEmpty();
        boolean byHeader = !policy.getClusterHeader().isEmpty();
        if (named && byHeader) {
            context.error(
                    "Only one of cluster '%s' or cluster_header '%s' in request mirror policy can be specified"
                            .formatted(policy.getCluster(), policy.getClusterHeader()));
        } else if (!named && !byHeader) {
            context.error(
                    "Exactly one of cluster or cluster_header in request mirror policy need to be specified");
        }
        if (named && clusterExists != null && !clusterExists.test(policy.getCluster())) {
            context.at("cluster")
                    .error("route: unknown shadow cluster '%s'".formatted(policy.getCluster()));
        }
        return new Mirror(
                named ? policy.getCluster() : null,
                byHeader ? HeaderName.of(policy.getClusterHeader()) : null,
                fraction(policy, context.at("runtime_fraction")),
                !policy.getDisableShadowHostSuffixAppend(),
                policy.getHostRewriteLiteral().isEmpty() ? null : policy.getHostRewriteLiteral(),
                HeaderEditCompiler.compile(
                        policy.getRequestHeadersMutationsList(),
                        "request_headers_mutations",
                        List.of(),
                        context),
                policy.hasTraceSampled() ? policy.getTraceSampled().getValue() : null);
    }

    private static RouteMatcher.@Nullable Fraction fraction(
            RequestMirrorPolicy policy, CompileContext context) {
        if (!policy.hasRuntimeFraction()) {
            return null;
        }
        Fraction fraction = Fractions.compile(policy.getRuntimeFraction(), context);
        return new RouteMatcher.Fraction(fraction.numerator(), fraction.denominator());
    }
}
