package dev.attache.filters.matching.input_matchers;

import dev.attache.proxy.matching.Decision;
import dev.attache.proxy.matching.InputMatcher;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tests a value of metadata, be it there or not; what is no metadata never holds. Immutable.
 *
 * @param inverted holds where the test does not
 */
record MetadataMatcher(Predicate<@Nullable MetadataValue> test, boolean inverted)
        implements InputMatcher {
    @Override
    public Decision test(@Nullable Object value) {
        MetadataValue found = value instanceof MetadataValue metadata ? metadata : null;
        return Decision.of(
                (found != null || value == MetadataMatch.ABSENT) && test.test(found) != inverted);
    }
}
