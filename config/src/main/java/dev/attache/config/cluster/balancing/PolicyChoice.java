package dev.attache.config.cluster.balancing;

import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.LoadBalancingSettings;
import java.util.function.UnaryOperator;

/**
 * What a load balancing policy extension compiles to.
 *
 * @param adjust applied to the settings that {@code common_lb_config} gave, for policies that bring
 *     their own locality or hashing settings
 */
public record PolicyChoice(LoadBalancerSpec balancer, UnaryOperator<LoadBalancingSettings> adjust) {
    public PolicyChoice(LoadBalancerSpec balancer) {
        this(balancer, settings -> settings);
    }
}
