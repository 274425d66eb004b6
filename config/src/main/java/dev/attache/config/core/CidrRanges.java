package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.matching.CidrRange;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.core.v3.CidrRange}. */
public final class CidrRanges {
    private CidrRanges() {}

    /**
     * The range, or null with the error reported. A prefix that is too long is cut, as in Envoy.
     */
    public static @Nullable CidrRange compile(
            io.envoyproxy.envoy.config.core.v3.CidrRange range, CompileContext context) {
        InetAddress address = Addresses.ip(range.getAddressPrefix(), context.at("address_prefix"));
        if (address == null) {
            return null;
        }
        int bits = address.getAddress().length * 8;
        return new CidrRange(address, Math.min(range.getPrefixLen().getValue(), bits));
    }

    public static List<CidrRange> compile(
            List<io.envoyproxy.envoy.config.core.v3.CidrRange> ranges,
            String field,
            CompileContext context) {
        List<CidrRange> compiled = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            CidrRange range = compile(ranges.get(i), context.at(field, i));
            if (range != null) {
                compiled.add(range);
            }
        }
        return compiled;
    }
}
