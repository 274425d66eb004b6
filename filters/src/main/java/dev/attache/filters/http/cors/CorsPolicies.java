package dev.attache.filters.http.cors;

import dev.attache.proxy.matching.StringMatcher;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one request, most specific first. Each setting is that of the first level that
 * has it; whether the filter acts at all is said by the first level alone.
 */
record CorsPolicies(List<CorsPolicySpec> levels) {

    boolean isEmpty() {
        return levels.isEmpty();
    }

    boolean enabled(long random) {
        return levels.getFirst().enabled().includes(random);
    }

    boolean shadowEnabled(long random) {
        return levels.getFirst().shadowEnabled().includes(random);
    }

    /** A pattern that accepts the text {@code *} accepts every origin. */
    boolean allows(String origin) {
        for (CorsPolicySpec level : levels) {
            if (!level.allowOrigins().isEmpty()) {
                return anyMatches(level.allowOrigins(), origin);
            }
        }
        return false;
    }

    private static boolean anyMatches(List<StringMatcher> matchers, String origin) {
        for (StringMatcher matcher : matchers) {
            if (matcher.matches("*") || matcher.matches(origin)) {
                return true;
            }
        }
        return false;
    }

    /** The first text that is not empty, or the empty one. */
    String text(Function<CorsPolicySpec, String> setting) {
        for (CorsPolicySpec level : levels) {
            String value = setting.apply(level);
            if (!value.isEmpty()) {
                return value;
            }
        }
        return "";
    }

    boolean flag(Function<CorsPolicySpec, @Nullable Boolean> setting, boolean unset) {
        for (CorsPolicySpec level : levels) {
            Boolean value = setting.apply(level);
            if (value != null) {
                return value;
            }
        }
        return unset;
    }
}
