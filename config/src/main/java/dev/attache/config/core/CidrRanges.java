package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.matching.CidrRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.CidrRange} and {@code xds.core.v3.CidrRange}. */
public final class CidrRanges {
    private CidrRanges() {}

    /**
     * The range, or null with the error reported. A prefix that is too long is cut, as in Envoy.
     */
    public static @Nullable CidrRange compile(
            io.envoyproxy.envoy.config.core.v3.CidrRange range, CompileContext context) {
        return compile(range.getAddressPrefix(), range.getPrefixLen().getValue(), context);
    }

    public static List<CidrRange> compile(
            List<io.envoyproxy.envoy.config.core.v3.CidrRange> ranges,
            String field,
            CompileContext context) {
        List<CidrRange> compiled = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            add(compile(ranges.get(i), context.at(field, i)), compiled);
        }
        return compiled;
    }

    /** The same of {@code xds.core.v3.CidrRange}. */
    public static List<CidrRange> compileXds(
            List<com.github.xds.core.v3.CidrRange> ranges, String field, CompileContext context) {
        List<CidrRange> compiled = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            com.github.xds.core.v3.CidrRange range = ranges.get(i);
            add(
                    compile(
                            range.getAddressPrefix(),
                            range.getPrefixLen().getValue(),
                            context.at(field, i)),
                    compiled);
        }
        return compiled;
    }

    private static @Nullable CidrRange compile(String prefix, int length, CompileContext context) {
        InetAddress address = Addresses.ip(prefix, context.at("address_prefix"));
        return address == null
                ? null
                : new CidrRange(address, Math.min(length, address.getAddress().length * 8));
    }

    private static void add(@Nullable CidrRange range, List<CidrRange> ranges) {
        if (range != null) {
            ranges.add(range);
        }
    }
}
