package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.SharedSlot;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.extensions.http.injected_credentials.oauth2.v3.OAuth2;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SdsSecretConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.http.injected_credentials.oauth2}. */
public final class OAuth2CredentialFactory implements ExtensionCompiler<OAuth2, CredentialSource> {
    private static final long RETRY_SECONDS = 2;

    @Override
    public OAuth2 prototype() {
        return OAuth2.getDefaultInstance();
    }

    @Override
    public Compiled<CredentialSource> compile(OAuth2 proto, CompileContext context) {
        SecretRef<TlsSecret.Generic> secret =
                secret(
                        proto.getClientCredentials().getClientSecret(),
                        context.at("client_credentials").at("client_secret"));
        if (secret == null) {
            return context.result(null);
        }
        TokenRequest request = request(proto, context);
        SharedSlot<AccessToken> slot =
                context.settings().shared().slot(AccessToken.class, request, AccessToken::new);
        TokenCounts counts = new TokenCounts();
        long retry = proto.getTokenFetchRetryInterval().getSeconds();
        context.attachments()
                .prepares(
                        new TokenRefresh(
                                request, secret, retry > 0 ? retry : RETRY_SECONDS, slot, counts));
        return context.result(new OAuth2Credential(slot, counts));
    }

    private static @Nullable SecretRef<TlsSecret.Generic> secret(
            SdsSecretConfig config, CompileContext context) {
        if (!config.hasSdsConfig()) {
            Secret named = context.settings().secrets().named(config.getName());
            if (named == null || !named.hasGenericSecret()) {
                context.error(
                        "Invalid oauth2 client secret configuration",
                        "add it to static_resources.secrets, or set sds_config");
                return null;
            }
        }
        return SecretCompiler.reference(config, SecretCompiler.GENERIC, context);
    }

    private static TokenRequest request(OAuth2 proto, CompileContext context) {
        String uri = Octets.of(proto.getTokenEndpoint().getUri());
        int slashes = uri.indexOf("//");
        int host = slashes < 0 ? 0 : slashes + 2;
        int path = uri.indexOf('/', host);
        OAuth2.ClientCredentials client = proto.getClientCredentials();
        return new TokenRequest(
                proto.getTokenEndpoint().getCluster(),
                uri.substring(host, path < 0 ? uri.length() : path),
                path < 0 ? "/" : uri.substring(path),
                Durations.millis(
                        proto.getTokenEndpoint().getTimeout(),
                        context.at("token_endpoint").at("timeout")),
                Octets.of(client.getClientId()),
                client.getClientSecret().getName(),
                Octets.of(String.join(" ", proto.getScopesList())),
                parameters(Overlay.of(proto)));
    }

    private static List<TokenRequest.Parameter> parameters(Overlay proto) {
        return proto.overlays("endpoint_params").stream()
                .map(each ->
                        new TokenRequest.Parameter(
                                Octets.of(each.text("name")), Octets.of(each.text("value"))))
                .toList();
    }
}
