package dev.attache.filters.load_balancing.wrr_locality;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.BalancingCompiler;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.load_balancing_policies.wrr_locality.v3.WrrLocality;

/** Localities by weight, then a policy of its own choice inside one. */
public final class WrrLocalityFactory implements ExtensionCompiler<WrrLocality, PolicyChoice> {
    @Override
    public WrrLocality prototype() {
        return WrrLocality.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(WrrLocality proto, CompileContext context) {
        PolicyChoice inner =
                BalancingCompiler.choose(
                        proto.getEndpointPickingPolicy(),
                        "cluster: '%s'".formatted(context.attachments().owner()),
                        context.at("endpoint_picking_policy"));
        if (inner == null) {
            return context.result(null);
        }
        return context.result(
                new PolicyChoice(
                        inner.balancer(),
                        settings -> PolicySettings.weighted(inner.adjust().apply(settings))));
    }
}
