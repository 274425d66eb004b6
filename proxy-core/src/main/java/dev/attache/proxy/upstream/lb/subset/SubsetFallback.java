package dev.attache.proxy.upstream.lb.subset;

/** Where a request goes whose metadata names no subset that has hosts. */
public enum SubsetFallback {
    /** A selector's: what the policy as a whole says. */
    NOT_DEFINED,
    NO_FALLBACK,
    ANY_ENDPOINT,
    DEFAULT_SUBSET,
    /** A selector's: the subset of fewer keys, {@code fallback_keys_subset}. */
    KEYS_SUBSET
}
