package dev.attache.filters.load_balancing.ring_hash;

import dev.attache.config.Compiled;
import dev.attache.config.cluster.balancing.LegacyPolicies;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.balancing.PolicySettings;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import io.envoyproxy.envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash;

/** Ketama ring. */
public final class RingHashFactory implements ExtensionCompiler<RingHash, PolicyChoice> {
    @Override
    public RingHash prototype() {
        return RingHash.getDefaultInstance();
    }

    @Override
    public Compiled<PolicyChoice> compile(RingHash proto, CompileContext context) {
        LoadBalancerSpec spec =
                LegacyPolicies.ringHash(
                        proto.hasMinimumRingSize() ? proto.getMinimumRingSize().getValue() : 1024,
                        proto.hasMaximumRingSize()
                                ? proto.getMaximumRingSize().getValue()
                                : 8_388_608,
                        proto.getHashFunction() == RingHash.HashFunction.MURMUR_HASH_2,
                        context);
        return context.result(
                new PolicyChoice(
                        spec,
                        PolicySettings.hashing(
                                proto.getConsistentHashingLbConfig(),
                                proto.hasLocalityWeightedLbConfig(),
                                proto.getUseHostnameForHashing(),
                                proto.getHashBalanceFactor().getValue())));
    }
}
