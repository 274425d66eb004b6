package dev.attache.filters.matching.input_matchers;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.Decision;
import dev.attache.proxy.matching.InputMatcher;
import dev.attache.proxy.matching.IpRangeTrie;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tests whether a text is an address of one of some ranges. Immutable once made. */
final class IpMatcher implements InputMatcher {
    private final IpRangeTrie<Boolean> ranges = new IpRangeTrie<>();

    IpMatcher(List<CidrRange> ranges) {
        for (CidrRange range : ranges) {
            this.ranges.computeIfAbsent(range, () -> true);
        }
    }

    @Override
    public Decision test(@Nullable Object value) {
        return Decision.of(
                value instanceof String text
                        && IpAddress.isLiteral(text)
                        && ranges.longest(IpAddress.parse(text, 0).ip()) != null);
    }
}
