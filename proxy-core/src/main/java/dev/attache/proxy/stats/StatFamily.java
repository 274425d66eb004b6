package dev.attache.proxy.stats;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Names of stats that exist together below a prefix, as those of a cluster do. A family that is
 * {@linkplain Scope#declare declared} is listed with zeros before anything is counted, at the price
 * of one reference; a name gets a stat of its own when somebody counts it. Immutable.
 */
public final class StatFamily {

    /** What a name stands for. */
    enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        TEXT
    }

    /** One name below the prefix. */
    record Name(Kind kind, String text, Histogram.Unit unit) {}

    private final List<Name> names;

    private StatFamily(List<Name> names) {
        this.names = List.copyOf(names);
    }

    public static Builder builder() {
        return new Builder();
    }

    List<Name> names() {
        return names;
    }

    /** Collects names. */
    public static final class Builder {
        private final List<Name> names = new ArrayList<>();

        private Builder() {}

        public Builder counters(String... texts) {
            return counters(List.of(texts));
        }

        public Builder counters(Collection<String> texts) {
            return add(Kind.COUNTER, texts);
        }

        public Builder gauges(String... texts) {
            return gauges(List.of(texts));
        }

        public Builder gauges(Collection<String> texts) {
            return add(Kind.GAUGE, texts);
        }

        public Builder textReadouts(String... texts) {
            return add(Kind.TEXT, List.of(texts));
        }

        public Builder histogram(String text, Histogram.Unit unit) {
            names.add(new Name(Kind.HISTOGRAM, text, unit));
            return this;
        }

        private Builder add(Kind kind, Collection<String> texts) {
            texts.forEach(text -> names.add(new Name(kind, text, Histogram.Unit.UNSPECIFIED)));
            return this;
        }

        public StatFamily build() {
            return new StatFamily(names);
        }
    }

    /** A family below one prefix, with what the {@code stats_matcher} leaves of it. */
    static final class Declared {
        private final String prefix;
        private final StatFamily family;
        private volatile @Nullable BitSet wanted;

        Declared(String prefix, StatFamily family) {
            this.prefix = prefix;
            this.family = family;
        }

        boolean is(StatFamily other) {
            return family == other;
        }

        /** Hands out the wanted names of one kind, in full. */
        void each(Kind kind, Predicate<String> matcher, Named action) {
            BitSet shown = wanted;
            if (shown == null) {
                shown = judge(matcher);
                wanted = shown;
            }
            for (int i = shown.nextSetBit(0); i >= 0; i = shown.nextSetBit(i + 1)) {
                Name name = family.names.get(i);
                if (name.kind == kind) {
                    action.accept(prefix + name.text, name.unit);
                }
            }
        }

        private BitSet judge(Predicate<String> matcher) {
            BitSet judged = new BitSet(family.names.size());
            for (int i = 0; i < family.names.size(); i++) {
                judged.set(i, matcher.test(prefix + family.names.get(i).text));
            }
            return judged;
        }
    }

    /** Takes a full name and what a histogram of it measures. */
    @FunctionalInterface
    interface Named {
        void accept(String name, Histogram.Unit unit);
    }
}
