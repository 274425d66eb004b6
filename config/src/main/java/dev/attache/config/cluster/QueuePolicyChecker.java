package dev.attache.config.cluster;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;

/**
 * {@code queuing_policies}: in which order requests that wait for a connection get one. Envoy 1.40
 * has one policy, first come first served, which is also what pools do without it.
 */
final class QueuePolicyChecker {
    private static final String FIFO =
            "envoy.extensions.queue_policy.fifo.v3.FifoQueuePolicyConfig";

    private QueuePolicyChecker() {}

    static void check(Cluster cluster, CompileContext context) {
        Overlay policies = Overlay.of(cluster).overlay("queuing_policies");
        TypedExtensionConfig policy =
                policies == null
                        ? null
                        : policies.message(
                                "pending_rq_policy", TypedExtensionConfig.getDefaultInstance());
        if (policy == null) {
            return;
        }
        CompileContext at = context.at("queuing_policies").at("pending_rq_policy");
        if (!TypeRegistry.nameOf(policy.getTypedConfig().getTypeUrl()).equals(FIFO)) {
            at.missing(
                    "Didn't find a registered queue policy implementation for name: '%s'"
                            .formatted(policy.getName()),
                    false);
        } else {
            at.at("typed_config").overlay(policy.getTypedConfig(), FIFO);
        }
    }
}
