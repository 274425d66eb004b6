package dev.attache.filters.matching.network_inputs;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.ConnectionMatchInput;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.MatchInput;
import dev.attache.proxy.stream.HttpMatchData;
import dev.attache.proxy.stream.HttpMatchInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known of a connection, by Envoy's names of the inputs. */
enum ConnectionInput implements ConnectionMatchInput {
    DESTINATION_IP,
    DESTINATION_PORT,
    SOURCE_IP,
    SOURCE_PORT,
    DIRECT_SOURCE_IP,
    SOURCE_TYPE,
    SERVER_NAME,
    TRANSPORT_PROTOCOL,
    APPLICATION_PROTOCOL,
    NETWORK_NAMESPACE,
    URI_SAN,
    DNS_SAN,
    SUBJECT;

    @Override
    public @Nullable Object get(ConnectionInfo connection) {
        return get(connection, connection.remoteAddress());
    }

    /** The same of a request, whose client may be another than the connection's. */
    HttpMatchInput ofRequest() {
        return this::get;
    }

    private @Nullable Object get(HttpMatchData data) {
        return get(data.info().downstream(), data.info().downstreamRemoteAddress());
    }

    private @Nullable Object get(ConnectionInfo connection, Address client) {
        return switch (this) {
            case DESTINATION_IP -> ip(connection.localAddress());
            case DESTINATION_PORT -> port(connection.localAddress());
            case SOURCE_IP -> ip(client);
            case SOURCE_PORT -> port(client);
            case DIRECT_SOURCE_IP -> ip(connection.directRemoteAddress());
            case SOURCE_TYPE -> connection.isLocal(client) ? "local" : null;
            case SERVER_NAME -> nonEmpty(connection.requestedServerName());
            case TRANSPORT_PROTOCOL -> nonEmpty(connection.detectedTransportProtocol());
            case APPLICATION_PROTOCOL -> quoted(connection.requestedApplicationProtocols());
            case NETWORK_NAMESPACE -> null; // no listener of ours lives in another
            case URI_SAN, DNS_SAN, SUBJECT -> ofCertificate(connection.tls());
        };
    }

    /** Without TLS there is no telling, as in Envoy: no tree comes to anything by it. */
    private @Nullable Object ofCertificate(@Nullable TlsInfo tls) {
        if (tls == null) {
            return MatchInput.NOT_YET;
        }
        CertificateNames peer = tls.peerNames();
        if (peer == null) {
            return null;
        }
        String names =
                switch (this) {
                    case URI_SAN -> String.join(",", peer.uriSans());
                    case DNS_SAN -> String.join(",", peer.dnsSans());
                    default -> peer.subject();
                };
        return names.isEmpty() ? null : Octets.of(names);
    }

    private static @Nullable String ip(Address address) {
        return address instanceof IpAddress ip ? ip.host() : null;
    }

    private static @Nullable String port(Address address) {
        return address instanceof IpAddress ip ? Integer.toString(ip.port()) : null;
    }

    private static @Nullable String nonEmpty(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable String quoted(List<String> protocols) {
        return protocols.isEmpty() ? null : "'" + String.join("','", protocols) + "'";
    }
}
