package dev.attache.filters.delegation;

import dev.attache.proxy.matching.MatchTree;
import dev.attache.proxy.stream.HttpMatchData;
import java.util.List;

/**
 * A tree that picks what becomes of a filter. Immutable.
 *
 * @param actions those of its actions that have filters, to be opened before the first stream
 */
public record FilterMatcher(
        MatchTree<HttpMatchData, FilterAction> tree, List<FilterAction.Execute> actions) {
    public FilterMatcher {
        actions = List.copyOf(actions);
    }
}
