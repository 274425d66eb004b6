package dev.attache.config.matching;

import com.github.xds.core.v3.TypedExtensionConfig;
import com.google.protobuf.Any;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.load.TypeRegistry;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.format.FormatContext;
import io.envoyproxy.envoy.type.matcher.v3.HttpRequestHeaderMatchInput;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a matcher may look at while a request is prepared: its headers and its connection. */
public final class RequestInputs {
    private static final String NETWORK = "envoy.extensions.matching.common_inputs.network.v3.";
    private static final String SSL = "envoy.extensions.matching.common_inputs.ssl.v3.";

    private RequestInputs() {}

    /** The input, or null with the error reported. */
    public static @Nullable Function<FormatContext, @Nullable String> read(
            TypedExtensionConfig config, CompileContext context) {
        return read(config.getName(), config.getTypedConfig(), context);
    }

    /**
     * As {@link #read(TypedExtensionConfig, CompileContext)}.
     *
     * @param config at {@code typed_config}
     */
    public static @Nullable Function<FormatContext, @Nullable String> read(
            String name, Any config, CompileContext context) {
        String type = TypeRegistry.nameOf(config.getTypeUrl());
        if (type.equals("envoy.type.matcher.v3.HttpRequestHeaderMatchInput")) {
            HttpRequestHeaderMatchInput input =
                    context.at("typed_config")
                            .unpack(config, HttpRequestHeaderMatchInput.getDefaultInstance());
            return input == null ? null : header(HeaderName.of(input.getHeaderName()));
        }
        Function<ConnectionInfo, @Nullable String> value = ofConnection(type);
        if (value == null) {
            context.missing(name, type);
            return null;
        }
        return data -> value.apply(data.info().downstream());
    }

    private static Function<FormatContext, @Nullable String> header(HeaderName name) {
        return data -> {
            Headers request = data.requestHeaders();
            return request == null ? null : request.getJoined(name);
        };
    }

    private static @Nullable Function<ConnectionInfo, @Nullable String> ofConnection(String type) {
        return switch (type) {
            case NETWORK + "DestinationIPInput" -> connection -> ip(connection.localAddress());
            case NETWORK + "DestinationPortInput" -> connection -> port(connection.localAddress());
            case NETWORK + "SourceIPInput" -> connection -> ip(connection.remoteAddress());
            case NETWORK + "SourcePortInput" -> connection -> port(connection.remoteAddress());
            case NETWORK + "DirectSourceIPInput" ->
                    connection -> ip(connection.directRemoteAddress());
            case NETWORK + "ServerNameInput" ->
                    connection -> nonEmpty(connection.requestedServerName());
            case SSL + "UriSanInput" -> names(peer -> String.join(",", peer.uriSans()));
            case SSL + "DnsSanInput" -> names(peer -> String.join(",", peer.dnsSans()));
            case SSL + "SubjectInput" -> names(CertificateNames::subject);
            default -> null;
        };
    }

    private static Function<ConnectionInfo, @Nullable String> names(
            Function<CertificateNames, String> value) {
        return connection -> {
            TlsInfo tls = connection.tls();
            CertificateNames peer = tls == null ? null : tls.peerNames();
            return peer == null ? null : nonEmpty(value.apply(peer));
        };
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
}
