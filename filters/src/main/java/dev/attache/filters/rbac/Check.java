package dev.attache.filters.rbac;

import java.util.List;

/**
 * One thing that a permission or a principal asks. Immutable, any thread.
 *
 * <p>Extensions of {@code envoy.rbac.matchers} and {@code envoy.rbac.principals} are such checks.
 */
public interface Check {

    boolean holds(Facts facts);

    /**
     * What must be so where this holds, for an index: of each of the lists, which are never empty,
     * the facts have one value. None where nothing is known beforehand.
     */
    default List<List<Anchor>> anchors() {
        return List.of();
    }
}
