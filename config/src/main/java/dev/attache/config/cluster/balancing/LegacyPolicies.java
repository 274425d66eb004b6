package dev.attache.config.cluster.balancing;

import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import dev.attache.proxy.upstream.lb.LeastRequestSpec;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.MaglevSpec;
import dev.attache.proxy.upstream.lb.RandomSpec;
import dev.attache.proxy.upstream.lb.RingHashSpec;
import dev.attache.proxy.upstream.lb.RoundRobinSpec;
import dev.attache.proxy.upstream.lb.SlowStart;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;

/** The {@code lb_policy} enum and the fields that configure its values. */
public final class LegacyPolicies {
    private static final int MAX_TABLE_SIZE = 5_000_011;

    private LegacyPolicies() {}

    public static LoadBalancerSpec compile(Cluster cluster, CompileContext context) {
        return switch (cluster.getLbPolicy()) {
            case ROUND_ROBIN -> {
                CompileContext at = context.at("round_robin_lb_config").at("slow_start_config");
                var config = cluster.getRoundRobinLbConfig();
                yield new RoundRobinSpec(
                        config.hasSlowStartConfig()
                                ? slowStart(config.getSlowStartConfig(), at)
                                : SlowStart.OFF);
            }
            case LEAST_REQUEST -> leastRequest(cluster, context.at("least_request_lb_config"));
            case RING_HASH -> ringHash(cluster, context.at("ring_hash_lb_config"));
            case RANDOM -> new RandomSpec();
            case MAGLEV -> {
                var config = cluster.getMaglevLbConfig();
                yield config.hasTableSize()
                        ? maglev(config.getTableSize().getValue(), context.at("maglev_lb_config"))
                        : MaglevSpec.DEFAULTS;
            }
            case CLUSTER_PROVIDED -> new ClusterProvidedSpec();
            case LOAD_BALANCING_POLICY_CONFIG -> {
                context.at("load_balancing_policy")
                        .error("cluster: field load_balancing_policy need to be set");
                yield RoundRobinSpec.DEFAULTS;
            }
            case UNRECOGNIZED -> RoundRobinSpec.DEFAULTS;
        };
    }

    private static LoadBalancerSpec leastRequest(Cluster cluster, CompileContext context) {
        var config = cluster.getLeastRequestLbConfig();
        LeastRequestSpec defaults = LeastRequestSpec.DEFAULTS;
        return new LeastRequestSpec(
                config.hasChoiceCount()
                        ? config.getChoiceCount().getValue()
                        : defaults.choiceCount(),
                config.hasActiveRequestBias()
                        ? PolicySettings.runtimeDouble(
                                config.getActiveRequestBias(), context.at("active_request_bias"))
                        : defaults.activeRequestBias(),
                false,
                config.hasSlowStartConfig()
                        ? slowStart(config.getSlowStartConfig(), context.at("slow_start_config"))
                        : SlowStart.OFF);
    }

    private static LoadBalancerSpec ringHash(Cluster cluster, CompileContext context) {
        var config = cluster.getRingHashLbConfig();
        return ringHash(
                config.hasMinimumRingSize() ? config.getMinimumRingSize().getValue() : 1024,
                config.hasMaximumRingSize() ? config.getMaximumRingSize().getValue() : 8_388_608,
                config.getHashFunction() == Cluster.RingHashLbConfig.HashFunction.MURMUR_HASH_2,
                context);
    }

    /** Checks and makes a ring hash policy, legacy or not. */
    public static LoadBalancerSpec ringHash(
            long minimum, long maximum, boolean murmur, CompileContext context) {
        if (minimum > maximum) {
            context.error(
                    "ring hash: minimum_ring_size (%d) > maximum_ring_size (%d)"
                            .formatted(minimum, maximum));
        }
        return new RingHashSpec(
                minimum,
                maximum,
                murmur
                        ? RingHashSpec.HashFunction.MURMUR_HASH_2
                        : RingHashSpec.HashFunction.XX_HASH);
    }

    /** Checks and makes a Maglev policy, legacy or not. */
    public static LoadBalancerSpec maglev(long tableSize, CompileContext context) {
        if (tableSize > MAX_TABLE_SIZE || !isPrime(tableSize)) {
            context.at("table_size").error("The table size of maglev must be prime number");
        }
        return new MaglevSpec((int) tableSize);
    }

    private static boolean isPrime(long number) {
        if (number < 2 || number % 2 == 0) {
            return number == 2;
        }
        for (long divisor = 3; divisor * divisor <= number; divisor += 2) {
            if (number % divisor == 0) {
                return false;
            }
        }
        return true;
    }

    private static SlowStart slowStart(Cluster.SlowStartConfig config, CompileContext context) {
        return new SlowStart(
                Durations.millis(config.getSlowStartWindow(), context.at("slow_start_window")),
                config.hasAggression()
                        ? PolicySettings.runtimeDouble(
                                config.getAggression(), context.at("aggression"))
                        : 1,
                config.hasMinWeightPercent() ? config.getMinWeightPercent().getValue() : 10);
    }
}
