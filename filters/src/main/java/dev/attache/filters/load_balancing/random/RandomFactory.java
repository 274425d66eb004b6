package dev.attache.filters.load_balancing.random;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.RandomSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;

/** Random host. */
public final class RandomFactory implements ExtensionCompiler<Random, PolicyChoice> {
    @Override
    public Random prototype() {
        return Random.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(Random proto, CompileContext context) {
        return context.result(
                new PolicyChoice(
                        new RandomSpec(), PolicySettings.locality(proto.getLocalityLbConfig())));
    }
}
