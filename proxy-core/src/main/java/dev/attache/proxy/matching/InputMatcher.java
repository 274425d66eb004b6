package dev.attache.proxy.matching;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tests the value of a {@link MatchInput} ({@code InputMatcher} in Envoy). Immutable, any thread.
 */
public interface InputMatcher {

    /**
     * @param value of one of {@link #kinds}; null = there is none
     */
    Decision test(@Nullable Object value);

    /** The kinds of values that it can test. */
    default List<String> kinds() {
        return TEXTS;
    }

    /** Of a matcher that tests texts alone. */
    List<String> TEXTS = List.of(MatchInput.TEXT);

    /** {@code value_match}; what has no value matches nothing. */
    record Value(StringMatcher matcher) implements InputMatcher {
        @Override
        public Decision test(@Nullable Object value) {
            return Decision.of(value instanceof String text && matcher.matches(text));
        }
    }
}
