package dev.attache.config.cluster;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.upstream.spec.Preconnect;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.PreconnectPolicy;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code preconnect_policy}. */
final class PreconnectCompiler {
    private PreconnectCompiler() {}

    static Preconnect compile(Cluster cluster, CompileContext context) {
        if (!cluster.hasPreconnectPolicy()) {
            return Preconnect.NONE;
        }
        PreconnectPolicy policy = cluster.getPreconnectPolicy();
        return new Preconnect(
                policy.hasPerUpstreamPreconnectRatio()
                        ? policy.getPerUpstreamPreconnectRatio().getValue()
                        : 1,
                policy.hasPredictivePreconnectRatio()
                        ? policy.getPredictivePreconnectRatio().getValue()
                        : 1,
                hosts(policy, context.at("preconnect_policy")));
    }

    private static @Nullable Predicate<Metadata> hosts(
            PreconnectPolicy policy, CompileContext context) {
        String field = "preconnect_enabled_metadata";
        MetadataMatcher matcher =
                Overlay.of(policy).message(field, MetadataMatcher.getDefaultInstance());
        if (matcher == null) {
            return null;
        }
        MetadataMatch match = ValueMatchers.compile(matcher, context.at(field));
        return match == null ? null : match::matches;
    }
}
