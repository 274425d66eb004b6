package dev.attache.filters.load_balancing.random;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.PolicyChoice;
import dev.attache.config.cluster.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.proxy.upstream.lb.RandomSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.random.v3.Random;

/** Random host. */
public final class RandomFactory implements ExtensionFactory<Random, PolicyChoice> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.LOAD_BALANCING_POLICY, Random.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.load_balancing_policies.random";
    }

    @Override
    public Class<Random> protoType() {
        return Random.class;
    }

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
