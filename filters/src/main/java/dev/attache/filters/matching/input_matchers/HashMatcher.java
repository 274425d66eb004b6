package dev.attache.filters.matching.input_matchers;

import dev.attache.proxy.matching.Decision;
import dev.attache.proxy.matching.InputMatcher;
import dev.attache.proxy.upstream.lb.hash.XxHash64;
import java.nio.charset.StandardCharsets;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** Tests the hash of a text; what has none does not hold. Immutable. */
record HashMatcher(long seed, LongPredicate test) implements InputMatcher {
    @Override
    public Decision test(@Nullable Object value) {
        if (!(value instanceof String text)) {
            return Decision.NO;
        }
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        return Decision.of(test.test(XxHash64.hash(octets, 0, octets.length, seed)));
    }
}
