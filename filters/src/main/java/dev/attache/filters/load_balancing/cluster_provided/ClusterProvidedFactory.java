package dev.attache.filters.load_balancing.cluster_provided;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided;

/** The cluster chooses. */
public final class ClusterProvidedFactory
        implements ExtensionCompiler<ClusterProvided, PolicyChoice> {
    @Override
    public ClusterProvided prototype() {
        return ClusterProvided.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(ClusterProvided proto, CompileContext context) {
        return context.result(new PolicyChoice(new ClusterProvidedSpec()));
    }
}
