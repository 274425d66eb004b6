package dev.attache.proxy.stream.format;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code %DOWNSTREAM_REMOTE_ADDRESS%} and the rest of both sides' addresses. */
final class AddressCommands {

    private AddressCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        String rest;
        Function<FormatContext, @Nullable Address> source;
        if (name.startsWith("DOWNSTREAM_DIRECT_REMOTE_")) {
            source = c -> c.info().downstream().directRemoteAddress();
            rest = name.substring("DOWNSTREAM_DIRECT_REMOTE_".length());
        } else if (name.startsWith("DOWNSTREAM_DIRECT_LOCAL_")) {
            source = c -> c.info().downstream().directLocalAddress();
            rest = name.substring("DOWNSTREAM_DIRECT_LOCAL_".length());
        } else if (name.startsWith("DOWNSTREAM_REMOTE_")) {
            source = c -> c.info().downstreamRemoteAddress();
            rest = name.substring("DOWNSTREAM_REMOTE_".length());
        } else if (name.startsWith("DOWNSTREAM_LOCAL_")) {
            source = c -> c.info().downstream().localAddress();
            rest = name.substring("DOWNSTREAM_LOCAL_".length());
        } else if (name.startsWith("UPSTREAM_REMOTE_")) {
            source = c -> upstreamAddress(c, u -> u.remoteAddress);
            rest = name.substring("UPSTREAM_REMOTE_".length());
        } else if (name.startsWith("UPSTREAM_LOCAL_")) {
            source = c -> upstreamAddress(c, u -> u.localAddress);
            rest = name.substring("UPSTREAM_LOCAL_".length());
        } else {
            return null;
        }
        return form(rest, source, argument == null ? "" : argument);
    }

    private static @Nullable FormatCommand form(
            String form, Function<FormatContext, @Nullable Address> source, String argument) {
        return switch (form) {
            case "ADDRESS" -> context -> text(source.apply(context));
            case "ADDRESS_WITHOUT_PORT" -> {
                int prefix = prefixLength(argument);
                yield prefix == Integer.MIN_VALUE
                        ? context -> bare(source.apply(context))
                        : context -> masked(source.apply(context), prefix);
            }
            case "ADDRESS_ENDPOINT_ID" -> context -> endpointId(source.apply(context));
            case "PORT" -> new Port(source);
            default -> null;
        };
    }

    /** What is no number asks for nothing. */
    private static int prefixLength(String argument) {
        try {
            return Integer.parseInt(argument);
        } catch (NumberFormatException e) {
            return Integer.MIN_VALUE;
        }
    }

    private static @Nullable Address upstreamAddress(
            FormatContext context, Function<UpstreamInfo, @Nullable Address> field) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? null : field.apply(upstream);
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.toString();
    }

    private static @Nullable String bare(@Nullable Address address) {
        return address instanceof IpAddress ip ? ip.host() : text(address);
    }

    private static @Nullable String masked(@Nullable Address address, int prefix) {
        if (!(address instanceof IpAddress ip)) {
            return text(address);
        }
        if (prefix < 0) {
            return "";
        }
        return new CidrRange(ip.ip(), Math.min(prefix, ip.isV6() ? 128 : 32)).toString();
    }

    private static @Nullable String endpointId(@Nullable Address address) {
        if (address == null) {
            return null;
        }
        return address instanceof InternalAddress internal ? internal.endpointId() : "";
    }

    /** An address without a port has an empty one in text, and none in JSON. */
    private record Port(Function<FormatContext, @Nullable Address> source)
            implements FormatCommand.Numeric {

        @Override
        public long number(FormatContext context) {
            return source.apply(context) instanceof IpAddress ip ? ip.port() : Long.MIN_VALUE;
        }

        @Override
        public @Nullable String text(FormatContext context) {
            Address address = source.apply(context);
            return address == null || address instanceof IpAddress
                    ? FormatCommand.Numeric.super.text(context)
                    : "";
        }
    }
}
