package dev.attache.proxy.matching;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link MatchTree} came to: an action, nothing, or nothing yet. Immutable, any thread.
 *
 * @param <A> what is picked
 */
public final class MatchResult<A> {
    private static final MatchResult<?> NONE = new MatchResult<>(null);
    private static final MatchResult<?> UNDECIDED = new MatchResult<>(null);

    private final @Nullable A action;

    private MatchResult(@Nullable A action) {
        this.action = action;
    }

    public static <A> MatchResult<A> of(A action) {
        return new MatchResult<>(Objects.requireNonNull(action));
    }

    /** Nothing matches. */
    @SuppressWarnings("unchecked") // holds no action
    public static <A> MatchResult<A> none() {
        return (MatchResult<A>) NONE;
    }

    /** What decides is not there yet. */
    @SuppressWarnings("unchecked") // holds no action
    public static <A> MatchResult<A> undecided() {
        return (MatchResult<A>) UNDECIDED;
    }

    /** What was picked, or null. */
    public @Nullable A action() {
        return action;
    }

    public boolean isMatch() {
        return action != null;
    }

    public boolean isUndecided() {
        return this == UNDECIDED;
    }

    /** In a word. */
    String outcome() {
        return isMatch() ? "matched" : isUndecided() ? "not decided yet" : "nothing matched";
    }

    /** Whether the search ends with this. */
    boolean ends() {
        return this != NONE;
    }
}
