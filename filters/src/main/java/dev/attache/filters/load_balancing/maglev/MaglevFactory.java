package dev.attache.filters.load_balancing.maglev;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.LegacyPolicies;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.MaglevSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.maglev.v3.Maglev;

/** Maglev table. */
public final class MaglevFactory implements ExtensionCompiler<Maglev, PolicyChoice> {
    @Override
    public Maglev prototype() {
        return Maglev.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(Maglev proto, CompileContext context) {
        LoadBalancerSpec spec =
                proto.hasTableSize()
                        ? LegacyPolicies.maglev(proto.getTableSize().getValue(), context)
                        : MaglevSpec.DEFAULTS;
        return context.result(
                new PolicyChoice(
                        spec,
                        PolicySettings.hashing(
                                proto.getConsistentHashingLbConfig(),
                                proto.hasLocalityWeightedLbConfig(),
                                false,
                                0)));
    }
}
