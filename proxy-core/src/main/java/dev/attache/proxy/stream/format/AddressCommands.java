package dev.attache.proxy.stream.format;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.matching.CidrRange;
import dev.attache.proxy.stream.UpstreamInfo;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code %DOWNSTREAM_REMOTE_ADDRESS%} and the rest of both sides' addresses. */
final class AddressCommands {

    private AddressCommands() {}

    static @Nullable FormatCommand create(String name, @Nullable String argument, int maxLength) {
        if (name.equals("UPSTREAM_HOST")) {
            return upstream(u -> text(u.host));
        }
        if (name.equals("UPSTREAM_HOST_NAME")) {
            return upstream(u -> named(u.host, u.hostname));
        }
        if (name.equals("UPSTREAM_HOST_NAME_WITHOUT_PORT")) {
            return upstream(u -> namedWithoutPort(u.host, u.hostname));
        }
        if (name.equals("UPSTREAM_HOSTS_ATTEMPTED")) {
            return upstream(u -> attempted(u, a -> text(a.address())));
        }
        if (name.equals("UPSTREAM_HOSTS_ATTEMPTED_WITHOUT_PORT")) {
            return upstream(u -> attempted(u, a -> bare(a.address(), null)));
        }
        if (name.equals("UPSTREAM_HOST_NAMES_ATTEMPTED")) {
            return upstream(u -> attempted(u, a -> named(a.address(), a.hostname())));
        }
        if (name.equals("UPSTREAM_HOST_NAMES_ATTEMPTED_WITHOUT_PORT")) {
            return upstream(u -> attempted(u, a -> namedWithoutPort(a.address(), a.hostname())));
        }
        if (name.equals("UPSTREAM_LOCALITY")) {
            return upstream(u -> u.locality.isEmpty() ? null : u.locality);
        }
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
        return form(rest, source, argument);
    }

    private static @Nullable FormatCommand form(
            String form,
            Function<FormatContext, @Nullable Address> source,
            @Nullable String argument) {
        return switch (form) {
            case "ADDRESS" -> context -> text(source.apply(context));
            case "ADDRESS_WITHOUT_PORT" -> {
                Integer mask = argument == null || argument.isEmpty() ? null : mask(argument);
                yield context -> bare(source.apply(context), mask);
            }
            case "PORT" -> (FormatCommand.Numeric) context -> port(source.apply(context));
            default -> null;
        };
    }

    private static int mask(String argument) {
        String digits = argument.startsWith("MASK:") ? argument.substring(5) : argument;
        try {
            return Integer.parseInt(digits.startsWith("/") ? digits.substring(1) : digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("Invalid prefix length: " + argument, e);
        }
    }

    private static FormatCommand upstream(Function<UpstreamInfo, @Nullable String> field) {
        return StreamCommands.upstream(field);
    }

    private static @Nullable Address upstreamAddress(
            FormatContext context, Function<UpstreamInfo, @Nullable Address> field) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? null : field.apply(upstream);
    }

    private static @Nullable String attempted(
            UpstreamInfo upstream, Function<UpstreamInfo.Attempt, @Nullable String> form) {
        List<UpstreamInfo.Attempt> attempted = upstream.attempted;
        return attempted.isEmpty()
                ? null
                : attempted.stream().map(form).collect(Collectors.joining(","));
    }

    private static @Nullable String named(@Nullable Address address, String hostname) {
        return hostname.isEmpty() ? text(address) : hostname;
    }

    private static @Nullable String namedWithoutPort(@Nullable Address address, String hostname) {
        return hostname.isEmpty() ? bare(address, null) : withoutPort(hostname);
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.toString();
    }

    private static @Nullable String bare(@Nullable Address address, @Nullable Integer mask) {
        if (!(address instanceof IpAddress ip)) {
            return text(address);
        }
        if (mask == null) {
            return ip.host();
        }
        int bits = Math.min(mask, ip.isV6() ? 128 : 32);
        return new CidrRange(ip.ip(), bits).toString();
    }

    private static String withoutPort(String hostname) {
        int colon = hostname.lastIndexOf(':');
        return colon < 0 || hostname.endsWith("]") ? hostname : hostname.substring(0, colon);
    }

    private static long port(@Nullable Address address) {
        return address instanceof IpAddress ip ? ip.port() : Long.MIN_VALUE;
    }
}
