package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.Uint;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.stream.format.FormatContext;
import org.jspecify.annotations.Nullable;

/** {@code connection.*}: the downstream connection and its TLS. */
final class ConnectionAttributes {
    private ConnectionAttributes() {}

    static @Nullable Attribute find(String name) {
        return switch (name) {
            case "mtls" -> ConnectionAttributes::hasPeerCertificate;
            case "requested_server_name" -> ConnectionAttributes::serverName;
            case "id" -> context -> new Uint(context.info().downstream().id());
            case "termination_details" ->
                    context -> context.info().downstream().terminationDetails();
            case "transport_failure_reason" -> ConnectionAttributes::failure;
            default -> TlsAttributes.find(name, context -> context.info().downstream().tls());
        };
    }

    private static Object hasPeerCertificate(FormatContext context) {
        TlsInfo tls = context.info().downstream().tls();
        return tls != null && tls.peerCertificatePresented();
    }

    private static Object serverName(FormatContext context) {
        String name = context.info().downstream().requestedServerName();
        return name == null ? "" : name;
    }

    private static @Nullable Object failure(FormatContext context) {
        ConnectionInfo connection = context.info().downstream();
        String reason = connection.transportFailureReason();
        return reason == null || reason.isEmpty() ? null : reason;
    }
}
