package dev.attache.filters.load_balancing.subset;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.BalancingCompiler;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.SubsetCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.subset.v3.Subset;

/** Hosts by metadata, a policy of its own choice inside each group. */
public final class SubsetFactory implements ExtensionCompiler<Subset, PolicyChoice> {
    @Override
    public Subset prototype() {
        return Subset.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(Subset proto, CompileContext context) {
        PolicyChoice inner =
                BalancingCompiler.choose(
                        proto.getSubsetLbPolicy(), "subset lb", context.at("subset_lb_policy"));
        if (inner == null) {
            return context.result(null);
        }
        if (inner.balancer() instanceof ClusterProvidedSpec) {
            context.at("subset_lb_policy")
                    .error(
                            "envoy.load_balancing_policies.cluster_provided cannot pick in a subset");
        }
        return context.result(
                new PolicyChoice(
                        SubsetCompiler.compile(proto, inner.balancer(), context), inner.adjust()));
    }
}
