package dev.attache.filters.rbac;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks of checks. */
sealed interface Combination extends Check {

    /** {@code any}. */
    record Any() implements Combination {
        @Override
        public boolean holds(Facts facts) {
            return true;
        }
    }

    /** {@code and_rules}, {@code and_ids}. */
    record All(List<Check> checks) implements Combination {
        public All {
            checks = List.copyOf(checks);
        }

        @Override
        public boolean holds(Facts facts) {
            for (int i = 0; i < checks.size(); i++) {
                if (!checks.get(i).holds(facts)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<List<Anchor>> anchors() {
            List<List<Anchor>> anchors = new ArrayList<>();
            checks.forEach(check -> anchors.addAll(check.anchors()));
            return anchors;
        }
    }

    /** {@code or_rules}, {@code or_ids}, and the permissions or principals of a policy. */
    record Either(List<Check> checks) implements Combination {
        public Either {
            checks = List.copyOf(checks);
        }

        @Override
        public boolean holds(Facts facts) {
            for (int i = 0; i < checks.size(); i++) {
                if (checks.get(i).holds(facts)) {
                    return true;
                }
            }
            return false;
        }

        /** One of the values of all, if each has some. */
        @Override
        public List<List<Anchor>> anchors() {
            List<Anchor> together = new ArrayList<>();
            for (Check check : checks) {
                List<Anchor> best = best(check.anchors());
                if (best == null) {
                    return List.of();
                }
                together.addAll(best);
            }
            return together.isEmpty() ? List.of() : List.of(together);
        }

        /** The list that is likely to tell most policies apart, or null where there is none. */
        private static @Nullable List<Anchor> best(List<List<Anchor>> lists) {
            List<Anchor> best = null;
            for (List<Anchor> list : lists) {
                if (best == null || rank(list) < rank(best)) {
                    best = list;
                }
            }
            return best;
        }

        private static int rank(List<Anchor> list) {
            int rank = 0;
            for (Anchor anchor : list) {
                rank = Math.max(rank, anchor.dimension().rank());
            }
            return rank;
        }
    }

    /** {@code not_rule}, {@code not_id}. */
    record Not(Check check) implements Combination {
        @Override
        public boolean holds(Facts facts) {
            return !check.holds(facts);
        }
    }
}
