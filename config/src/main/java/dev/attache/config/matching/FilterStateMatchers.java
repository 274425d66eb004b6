package dev.attache.config.matching;

import dev.attache.api.Overlay;
import dev.attache.config.core.CidrRanges;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import io.envoyproxy.envoy.type.matcher.v3.AddressMatcher;
import io.envoyproxy.envoy.type.matcher.v3.FilterStateMatcher;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code envoy.type.matcher.v3.FilterStateMatcher}: what is asked of the object under its key. */
public final class FilterStateMatchers {
    private FilterStateMatchers() {}

    /** The test, or null with the error reported. */
    public static @Nullable Predicate<FilterState.Value> compile(
            FilterStateMatcher matcher, CompileContext context) {
        if (matcher.hasAddressMatch()) {
            return ranges(matcher.getAddressMatch(), context.at("address_match"));
        }
        StringMatcher string =
                StringMatchers.compile(matcher.getStringMatch(), context.at("string_match"));
        return string == null ? null : value -> string.matches(value.serializeAsString());
    }

    /** What is no address is in no range, and out of none either. */
    private static Predicate<FilterState.Value> ranges(
            AddressMatcher matcher, CompileContext context) {
        List<CidrRange> ranges = CidrRanges.compileXds(matcher.getRangesList(), "ranges", context);
        boolean inverted = Overlay.of(matcher).flag("invert_match");
        return value -> {
            IpAddress address = address(value);
            return address != null && inverted != contains(ranges, address);
        };
    }

    private static @Nullable IpAddress address(FilterState.Value value) {
        return switch (value) {
            case FilterState.SocketAddress(IpAddress address) -> address;
            case StateValue.Ip(IpAddress address) -> address;
            default -> null;
        };
    }

    private static boolean contains(List<CidrRange> ranges, IpAddress address) {
        for (CidrRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
