package dev.attache.config.cluster.balancing;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.upstream.lb.LoadBalancerSpec;
import dev.attache.proxy.upstream.lb.subset.SubsetFallback;
import dev.attache.proxy.upstream.lb.subset.SubsetSelector;
import dev.attache.proxy.upstream.lb.subset.SubsetSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.extensions.load_balancing_policies.subset.v3.Subset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code lb_subset_config}, and the policy extension that took its place. */
public final class SubsetCompiler {
    private SubsetCompiler() {}

    /** {@code child} within the subsets of {@code lb_subset_config}, or alone where it has none. */
    static LoadBalancerSpec legacy(
            Cluster cluster, LoadBalancerSpec child, CompileContext context) {
        if (cluster.getLbSubsetConfig().getSubsetSelectorsCount() == 0) {
            return child;
        }
        CompileContext at = context.at("lb_subset_config");
        if (cluster.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED) {
            at.error(
                    "cluster: LB policy CLUSTER_PROVIDED cannot be combined with lb_subset_config");
            return child;
        }
        try {
            // The extension's message has the fields of this one, by the same numbers.
            Subset subset = Subset.parseFrom(cluster.getLbSubsetConfig().toByteString());
            return compile(subset, child, at);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("lb_subset_config is no Subset", e);
        }
    }

    /**
     * The policy.
     *
     * @param child what picks within a subset
     */
    public static SubsetSpec compile(
            Subset subset, LoadBalancerSpec child, CompileContext context) {
        List<SubsetSelector> selectors = new ArrayList<>();
        for (int i = 0; i < subset.getSubsetSelectorsCount(); i++) {
            SubsetSelector selector =
                    selector(subset.getSubsetSelectors(i), context.at("subset_selectors", i));
            if (selector != null) {
                selectors.add(selector);
            }
        }
        return new SubsetSpec(
                child,
                selectors,
                switch (subset.getFallbackPolicy()) {
                    case ANY_ENDPOINT -> SubsetFallback.ANY_ENDPOINT;
                    case DEFAULT_SUBSET -> SubsetFallback.DEFAULT_SUBSET;
                    case NO_FALLBACK, UNRECOGNIZED -> SubsetFallback.NO_FALLBACK;
                },
                MetadataValues.compile(subset.getDefaultSubset()),
                subset.getLocalityWeightAware(),
                subset.getScaleLocalityWeight(),
                subset.getPanicModeAny(),
                subset.getListAsAny(),
                subset.getMetadataFallbackPolicy()
                        == Subset.LbSubsetMetadataFallbackPolicy.FALLBACK_LIST,
                subset.getAllowRedundantKeys());
    }

    /** Null where it has no keys, which selects nothing. */
    private static @Nullable SubsetSelector selector(
            Subset.LbSubsetSelector selector, CompileContext context) {
        List<String> keys = sorted(selector.getKeysList());
        List<String> fewer = sorted(selector.getFallbackKeysSubsetList());
        if (keys.isEmpty()) {
            return null;
        }
        SubsetFallback fallback =
                switch (selector.getFallbackPolicy()) {
                    case NO_FALLBACK -> SubsetFallback.NO_FALLBACK;
                    case ANY_ENDPOINT -> SubsetFallback.ANY_ENDPOINT;
                    case DEFAULT_SUBSET -> SubsetFallback.DEFAULT_SUBSET;
                    case KEYS_SUBSET -> SubsetFallback.KEYS_SUBSET;
                    case NOT_DEFINED, UNRECOGNIZED -> SubsetFallback.NOT_DEFINED;
                };
        String fault = fault(keys, fewer, fallback == SubsetFallback.KEYS_SUBSET);
        if (fault != null) {
            context.at("fallback_keys_subset").error(fault);
        }
        return new SubsetSelector(keys, fallback, fewer, selector.getSingleHostPerSubset());
    }

    private static @Nullable String fault(List<String> keys, List<String> fewer, boolean used) {
        if (!used) {
            return fewer.isEmpty()
                    ? null
                    : "fallback_keys_subset can be set only for KEYS_SUBSET fallback_policy";
        }
        if (fewer.isEmpty()) {
            return "fallback_keys_subset cannot be empty";
        }
        if (!keys.containsAll(fewer)) {
            return "fallback_keys_subset must be a subset of selector keys";
        }
        return keys.size() == fewer.size() ? "fallback_keys_subset cannot be equal to keys" : null;
    }

    private static List<String> sorted(List<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }
}
