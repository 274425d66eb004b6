package dev.attache.proxy.upstream.lb.subset;

import java.util.List;

/**
 * {@code Subset.LbSubsetSelector}: each combination of values that hosts have for these keys is a
 * subset. Immutable.
 *
 * @param keys sorted, each once, at least one
 * @param fallbackKeys sorted, each once, fewer than {@code keys} and among them; empty unless the
 *     fallback is {@link SubsetFallback#KEYS_SUBSET}
 * @param singleHost {@code single_host_per_subset}: the first host of a subset is all of it
 */
public record SubsetSelector(
        List<String> keys, SubsetFallback fallback, List<String> fallbackKeys, boolean singleHost) {

    public SubsetSelector {
        keys = List.copyOf(keys);
        fallbackKeys = List.copyOf(fallbackKeys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a selector needs keys");
        }
    }
}
