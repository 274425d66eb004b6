package dev.attache.filters.cel.attribute;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code source.*} and {@code destination.*}: both ends of the downstream connection. */
final class PeerAttributes {
    private PeerAttributes() {}

    static @Nullable Attribute source(String name) {
        return find(name, context -> context.info().downstreamRemoteAddress());
    }

    static @Nullable Attribute destination(String name) {
        return find(name, context -> context.info().downstream().localAddress());
    }

    private static @Nullable Attribute find(String name, Function<FormatContext, Address> end) {
        return switch (name) {
            case "address" -> context -> end.apply(context).toString();
            case "port" -> context -> port(end.apply(context));
            default -> null;
        };
    }

    static @Nullable Object port(@Nullable Address address) {
        return address instanceof IpAddress ip ? (Object) (long) ip.port() : null;
    }
}
