package dev.attache.filters.http.oauth2;

import com.google.protobuf.Duration;
import dev.attache.api.Overlay;
import dev.attache.config.call.CallRetries;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.filters.http.oauth2.exchange.Client;
import dev.attache.filters.http.oauth2.exchange.TokenEndpoint;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Config;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Credentials;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The token endpoint of a configuration, and who asks it. */
final class TokenEndpointFactory {

    private static final long ASSERTION_MILLIS = 60_000;

    /** The numbers of {@code AuthType}, of which the message class does not know all. */
    private static final List<Client.How> HOW =
            List.of(
                    Client.How.URL_ENCODED_BODY,
                    Client.How.BASIC_AUTH,
                    Client.How.TLS_CLIENT_AUTH,
                    Client.How.PRIVATE_KEY_JWT);

    private TokenEndpointFactory() {}

    /** Null with the errors reported. */
    static @Nullable TokenEndpoint compile(OAuth2Config proto, CompileContext context) {
        String uri = Octets.of(proto.getTokenEndpoint().getUri());
        int slashes = uri.indexOf("//");
        int host = slashes < 0 ? 0 : slashes + 2;
        int path = uri.indexOf('/', host);
        Client client = client(proto, context);
        if (client == null) {
            return null;
        }
        return new TokenEndpoint(
                proto.getTokenEndpoint().getCluster(),
                uri.substring(host, path < 0 ? uri.length() : path),
                path < 0 ? "/" : uri.substring(path),
                Durations.millis(
                        proto.getTokenEndpoint().getTimeout(),
                        context.at("token_endpoint").at("timeout")),
                proto.hasRetryPolicy()
                        ? CallRetries.compile(
                                proto.getRetryPolicy(), "", context.at("retry_policy"))
                        : null,
                client);
    }

    private static @Nullable Client client(OAuth2Config proto, CompileContext context) {
        int type = proto.getAuthTypeValue();
        if (type < 0 || type >= HOW.size()) {
            return null; // which the walk has reported
        }
        Client.How how = HOW.get(type);
        OAuth2Credentials credentials = proto.getCredentials();
        CompileContext at = context.at("credentials").at("token_secret");
        SecretRef<TlsSecret.Generic> secret = null;
        if (how == Client.How.TLS_CLIENT_AUTH) {
            if (credentials.hasTokenSecret()) {
                at.warning(
                        "OAuth2 filter: token_secret is ignored when auth_type is"
                                + " TLS_CLIENT_AUTH");
            }
        } else if (!credentials.hasTokenSecret()) {
            at.error("token_secret is required when auth_type is not TLS_CLIENT_AUTH");
            return null;
        } else {
            secret = secret(credentials.getTokenSecret(), "invalid token secret configuration", at);
            if (secret == null) {
                return null;
            }
        }
        return new Client(
                Octets.of(credentials.getClientId()),
                how,
                secret,
                how == Client.How.PRIVATE_KEY_JWT ? assertion(proto, context) : null);
    }

    private static Client.Assertion assertion(OAuth2Config proto, CompileContext context) {
        Overlay config = Overlay.of(proto).overlay("private_key_jwt_config");
        String endpoint = Octets.of(proto.getTokenEndpoint().getUri());
        if (config == null) {
            return new Client.Assertion("RS256", ASSERTION_MILLIS / 1000, endpoint);
        }
        Duration lifetime = config.message("assertion_lifetime", Duration.getDefaultInstance());
        String audience = Octets.of(config.text("assertion_audience"));
        CompileContext at = context.at("private_key_jwt_config").at("assertion_lifetime");
        long millis = lifetime == null ? ASSERTION_MILLIS : Durations.millis(lifetime, at);
        return new Client.Assertion(
                config.choice("signing_algorithm"),
                millis / 1000,
                audience.isEmpty() ? endpoint : audience);
    }

    /**
     * A secret, or null with the error reported.
     *
     * @param missing what Envoy says of a static one that there is not
     */
    static @Nullable SecretRef<TlsSecret.Generic> secret(
            SdsSecretConfig config, String missing, CompileContext context) {
        if (!config.hasSdsConfig()) {
            Secret named = context.settings().secrets().named(config.getName());
            if (named == null || !named.hasGenericSecret()) {
                context.error(missing, "add it to static_resources.secrets, or set sds_config");
                return null;
            }
        }
        return SecretCompiler.reference(config, SecretCompiler.GENERIC, context);
    }
}
