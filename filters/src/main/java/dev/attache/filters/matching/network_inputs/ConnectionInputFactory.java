package dev.attache.filters.matching.network_inputs;

import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ApplicationProtocolInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DestinationIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DestinationPortInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.DirectSourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.NetworkNamespaceInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.ServerNameInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceIPInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourcePortInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.SourceTypeInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.network.v3.TransportProtocolInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.DnsSanInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.SubjectInput;
import io.envoyproxy.envoy.extensions.matching.common_inputs.ssl.v3.UriSanInput;

/**
 * Inputs without settings: the message says all.
 *
 * @param <P> the message
 * @param <S> {@code ConnectionMatchInput} or {@code HttpMatchInput}
 */
public final class ConnectionInputFactory<P extends Message, S> implements ExtensionCompiler<P, S> {
    private final P prototype;
    private final S input;

    private ConnectionInputFactory(P prototype, S input) {
        this.prototype = prototype;
        this.input = input;
    }

    /**
     * What compiles an input of connections.
     *
     * @param message its message's name, without the package
     */
    public static ExtensionCompiler<?, ?> ofConnections(String message) {
        return new ConnectionInputFactory<>(prototype(message), input(message));
    }

    /** As {@link #ofConnections}, of requests. */
    public static ExtensionCompiler<?, ?> ofRequests(String message) {
        return new ConnectionInputFactory<>(prototype(message), input(message).ofRequest());
    }

    private static Message prototype(String message) {
        return switch (message) {
            case "DestinationIPInput" -> DestinationIPInput.getDefaultInstance();
            case "DestinationPortInput" -> DestinationPortInput.getDefaultInstance();
            case "SourceIPInput" -> SourceIPInput.getDefaultInstance();
            case "SourcePortInput" -> SourcePortInput.getDefaultInstance();
            case "DirectSourceIPInput" -> DirectSourceIPInput.getDefaultInstance();
            case "SourceTypeInput" -> SourceTypeInput.getDefaultInstance();
            case "ServerNameInput" -> ServerNameInput.getDefaultInstance();
            case "TransportProtocolInput" -> TransportProtocolInput.getDefaultInstance();
            case "ApplicationProtocolInput" -> ApplicationProtocolInput.getDefaultInstance();
            case "NetworkNamespaceInput" -> NetworkNamespaceInput.getDefaultInstance();
            case "UriSanInput" -> UriSanInput.getDefaultInstance();
            case "DnsSanInput" -> DnsSanInput.getDefaultInstance();
            case "SubjectInput" -> SubjectInput.getDefaultInstance();
            default -> throw new IllegalArgumentException(message);
        };
    }

    private static ConnectionInput input(String message) {
        return switch (message) {
            case "DestinationIPInput" -> ConnectionInput.DESTINATION_IP;
            case "DestinationPortInput" -> ConnectionInput.DESTINATION_PORT;
            case "SourceIPInput" -> ConnectionInput.SOURCE_IP;
            case "SourcePortInput" -> ConnectionInput.SOURCE_PORT;
            case "DirectSourceIPInput" -> ConnectionInput.DIRECT_SOURCE_IP;
            case "SourceTypeInput" -> ConnectionInput.SOURCE_TYPE;
            case "ServerNameInput" -> ConnectionInput.SERVER_NAME;
            case "TransportProtocolInput" -> ConnectionInput.TRANSPORT_PROTOCOL;
            case "ApplicationProtocolInput" -> ConnectionInput.APPLICATION_PROTOCOL;
            case "NetworkNamespaceInput" -> ConnectionInput.NETWORK_NAMESPACE;
            case "UriSanInput" -> ConnectionInput.URI_SAN;
            case "DnsSanInput" -> ConnectionInput.DNS_SAN;
            case "SubjectInput" -> ConnectionInput.SUBJECT;
            default -> throw new IllegalArgumentException(message);
        };
    }

    @Override
    public P prototype() {
        return prototype;
    }

    @Override
    public Compiled<S> compile(P proto, CompileContext context) {
        return context.result(input);
    }
}
