package dev.attache.filters.rbac;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first policy that is met without asking all. A policy that can be met only where facts
 * have one of some exact values is asked where they have; the others are asked in order. Of what is
 * met the lowest position counts, which is what asking all in order would give: checks have no
 * effects. Below {@value #LINEAR} policies all are asked. Immutable, any thread.
 */
final class PolicyIndex {

    private static final int LINEAR = 8;
    private static final int[] NOWHERE = {};

    private final Policy[] policies;
    private final Postings[] postings;

    /** Positions of the policies that no value leads to. */
    private final int[] rest;

    PolicyIndex(Policy[] policies) {
        this.policies = policies;
        Map<Dimension, Map<String, Positions>> found = new LinkedHashMap<>();
        Positions others = new Positions();
        if (policies.length < LINEAR) {
            for (int i = 0; i < policies.length; i++) {
                others.add(i);
            }
        } else {
            file(found, others);
        }
        this.postings = new Postings[found.size()];
        int at = 0;
        for (Map.Entry<Dimension, Map<String, Positions>> entry : found.entrySet()) {
            postings[at++] = new Postings(entry.getKey(), entry.getValue());
        }
        this.rest = others.done();
    }

    private void file(Map<Dimension, Map<String, Positions>> found, Positions others) {
        Map<Anchor, Integer> uses = new HashMap<>();
        List<List<List<Anchor>>> all = new ArrayList<>(policies.length);
        for (Policy policy : policies) {
            List<List<Anchor>> anchors = policy.anchors();
            all.add(anchors);
            anchors.forEach(list -> list.forEach(anchor -> uses.merge(anchor, 1, Integer::sum)));
        }
        for (int i = 0; i < policies.length; i++) {
            List<Anchor> rarest = rarest(all.get(i), uses);
            if (rarest == null) {
                others.add(i);
                continue;
            }
            for (Anchor anchor : rarest) {
                found.computeIfAbsent(anchor.dimension(), dimension -> new HashMap<>())
                        .computeIfAbsent(anchor.value(), value -> new Positions())
                        .add(i);
            }
        }
    }

    /** The list whose values lead to the fewest policies, or null where there is none. */
    private static @Nullable List<Anchor> rarest(
            List<List<Anchor>> lists, Map<Anchor, Integer> uses) {
        List<Anchor> rarest = null;
        int least = Integer.MAX_VALUE;
        for (List<Anchor> list : lists) {
            int most = 0;
            for (Anchor anchor : list) {
                most = Math.max(most, uses.getOrDefault(anchor, 0));
            }
            if (most < least) {
                least = most;
                rarest = list;
            }
        }
        return rarest;
    }

    /** The position of the first policy that is met, or how many there are. */
    int first(Facts facts) {
        int best = policies.length;
        for (Postings each : postings) {
            best = each.first(facts, best);
        }
        return first(rest, facts, best);
    }

    private int first(int[] positions, Facts facts, int best) {
        for (int position : positions) {
            if (position >= best) {
                return best;
            }
            if (policies[position].isMet(facts)) {
                return position;
            }
        }
        return best;
    }

    /** Policies by the values of one dimension. */
    private final class Postings implements Dimension.Search {
        private final Dimension dimension;
        private final Map<String, int[]> byValue = new HashMap<>();

        Postings(Dimension dimension, Map<String, Positions> byValue) {
            this.dimension = dimension;
            byValue.forEach((value, positions) -> this.byValue.put(value, positions.done()));
        }

        int first(Facts facts, int best) {
            return dimension.search(facts, this, best);
        }

        @Override
        public int first(String value, Facts facts, int best) {
            int[] positions = byValue.get(value);
            return positions == null ? best : PolicyIndex.this.first(positions, facts, best);
        }
    }

    /** Positions as they are gathered, in order. */
    private static final class Positions {
        private int[] values = NOWHERE;
        private int size;

        void add(int position) {
            if (size > 0 && values[size - 1] == position) {
                return;
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, Math.max(2, size * 2));
            }
            values[size++] = position;
        }

        int[] done() {
            return Arrays.copyOf(values, size);
        }
    }
}
