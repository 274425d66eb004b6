package dev.attache.filters.load_balancing.round_robin;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin;

/** Weighted round robin. */
public final class RoundRobinFactory implements ExtensionCompiler<RoundRobin, PolicyChoice> {
    @Override
    public RoundRobin prototype() {
        return RoundRobin.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(RoundRobin proto, CompileContext context) {
        RoundRobinSpec spec =
                new RoundRobinSpec(
                        PolicySettings.slowStart(
                                proto.hasSlowStartConfig(),
                                proto.getSlowStartConfig(),
                                context.at("slow_start_config")));
        return context.result(
                new PolicyChoice(spec, PolicySettings.locality(proto.getLocalityLbConfig())));
    }
}
