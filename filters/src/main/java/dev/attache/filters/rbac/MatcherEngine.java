package dev.attache.filters.rbac;

import dev.attache.proxy.matching.MatchTree;
import java.util.function.Function;

/**
 * {@code matcher}: what a tree picks; who meets nothing is turned away.
 *
 * @param <D> what the tree looks at
 */
final class MatcherEngine<D> extends AccessEngine {

    /**
     * An action.
     *
     * @param plain where no action of the tree logs
     * @param hinting where one does: then each says whether to
     */
    record Picked(Verdict plain, Verdict hinting) {}

    private final MatchTree<D, Picked> tree;
    private final Function<Facts, D> data;
    private final boolean logs;
    private final Verdict otherwise;

    /**
     * @param logs whether an action of the tree logs
     * @param otherwise where nothing is picked
     */
    MatcherEngine(
            MatchTree<D, Picked> tree, Function<Facts, D> data, boolean logs, Verdict otherwise) {
        this.tree = tree;
        this.data = data;
        this.logs = logs;
        this.otherwise = otherwise;
    }

    @Override
    Verdict look(Facts facts) {
        Picked picked = tree.pick(data.apply(facts));
        return picked == null ? otherwise : logs ? picked.hinting() : picked.plain();
    }
}
