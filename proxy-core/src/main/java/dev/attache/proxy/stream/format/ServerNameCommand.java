package dev.attache.proxy.stream.format;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import org.jspecify.annotations.Nullable;

/**
 * {@code %REQUESTED_SERVER_NAME(SNI_ONLY|SNI_FIRST|HOST_FIRST:ORIG_OR_HOST|HOST|ORIG)%}: the name
 * that the client asked for, in its handshake or in its request. Immutable.
 */
final class ServerNameCommand {

    private ServerNameCommand() {}

    static FormatCommand of(@Nullable String argument) {
        String[] options = (argument == null ? "" : argument).split(":", -1);
        String order = options[0].isEmpty() ? "SNI_ONLY" : options[0];
        String host = options.length > 1 && !options[1].isEmpty() ? options[1] : "ORIG_OR_HOST";
        check(order, "'SNI_ONLY'/'SNI_FIRST'/'HOST_FIRST'");
        check(host, "'ORIG_OR_HOST'/'HOST'/'ORIG'");
        return switch (order) {
            case "SNI_FIRST" -> context -> first(sni(context), host(context, host));
            case "HOST_FIRST" -> context -> first(host(context, host), sni(context));
            default -> ServerNameCommand::sni;
        };
    }

    private static void check(String option, String allowed) {
        if (!allowed.contains("'" + option + "'")) {
            throw new IllegalArgumentException(
                    "Invalid REQUESTED_SERVER_NAME option: '"
                            + option
                            + "', only "
                            + allowed
                            + " are allowed");
        }
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }

    private static @Nullable String sni(FormatContext context) {
        return context.info().downstream().requestedServerName();
    }

    private static @Nullable String host(FormatContext context, String which) {
        Headers headers = context.requestHeaders();
        if (headers == null) {
            return null;
        }
        String original =
                which.equals("HOST") ? null : headers.get(HeaderName.X_ENVOY_ORIGINAL_HOST);
        return original == null && !which.equals("ORIG")
                ? headers.get(HeaderName.AUTHORITY)
                : original;
    }
}
