package dev.attache.filters.http.oauth2;

import com.google.protobuf.Duration;
import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.core.Durations;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.matching.StringMatchers;
import dev.attache.filters.http.oauth2.Oauth2Settings.Login;
import dev.attache.filters.http.oauth2.Oauth2Settings.Matchers;
import dev.attache.filters.http.oauth2.Oauth2Settings.SignOut;
import dev.attache.filters.http.oauth2.Oauth2Settings.Tokens;
import dev.attache.filters.http.oauth2.cookie.Sealing;
import dev.attache.filters.http.oauth2.exchange.Escapes;
import dev.attache.filters.http.oauth2.exchange.TokenEndpoint;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.extensions.filters.http.oauth2.v3.OAuth2Config;
import io.envoyproxy.envoy.type.matcher.v3.PathMatcher;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code OAuth2Config} to {@link Oauth2Settings}. */
final class SettingsFactory {

    private static final String GCM = "envoy.reloadable_features.oauth2_use_gcm_encryption";
    private static final String CBC = "envoy.reloadable_features.oauth2_legacy_cbc_decrypt_compat";
    private static final long FLOW_SECONDS = 600;
    private static final long REFRESH_SECONDS = 604_800;

    private SettingsFactory() {}

    /** The settings, or null with the errors reported. */
    static @Nullable Oauth2Settings compile(OAuth2Config proto, CompileContext context) {
        Overlay newer = Overlay.of(proto);
        TokenEndpoint endpoint = TokenEndpointFactory.compile(proto, context);
        SecretRef<TlsSecret.Generic> hmac =
                TokenEndpointFactory.secret(
                        proto.getCredentials().getHmacSecret(),
                        "invalid HMAC secret configuration",
                        context.at("credentials").at("hmac_secret"));
        Tokens tokens = tokens(proto, newer, context);
        Login login = login(proto, newer, context);
        SignOut signOut = signOut(proto, newer, context);
        if (endpoint == null || hmac == null || login == null || signOut == null) {
            return null;
        }
        return new Oauth2Settings(
                endpoint,
                hmac,
                login,
                signOut,
                matchers(proto, newer, context),
                CookieRulesFactory.compile(proto, newer),
                tokens,
                new Sealing(
                        context.settings().runtime().flag(GCM, false),
                        context.settings().runtime().flag(CBC, true)),
                prefix(proto.getStatPrefix()));
    }

    private static String prefix(String statPrefix) {
        return statPrefix.isEmpty() || statPrefix.endsWith(".") ? statPrefix : statPrefix + '.';
    }

    // ---- login and sign-out ------------------------------------------------------------------

    private static @Nullable Login login(
            OAuth2Config proto, Overlay newer, CompileContext context) {
        AbsoluteUrl url = AbsoluteUrl.parse(Octets.of(proto.getAuthorizationEndpoint()));
        if (url == null) {
            context.at("authorization_endpoint")
                    .error(
                            "OAuth2 filter: invalid authorization endpoint URL '"
                                    + proto.getAuthorizationEndpoint()
                                    + "' in config.");
        }
        Formatter redirect =
                SubstitutionFormats.parse(proto.getRedirectUri(), context.at("redirect_uri"));
        StringMatcher callback =
                path(proto.getRedirectPathMatcher(), context.at("redirect_path_matcher"));
        String original = newer.text("original_request_uri");
        Formatter base =
                original.isEmpty()
                        ? null
                        : SubstitutionFormats.parse(original, context.at("original_request_uri"));
        boolean broken = base == null && !original.isEmpty();
        if (url == null || redirect == null || callback == null || broken) {
            return null;
        }
        return new Login(
                Octets.of(proto.getAuthorizationEndpoint()),
                url,
                List.of(
                        "client_id",
                        Octets.of(proto.getCredentials().getClientId()),
                        "response_type",
                        "code",
                        "scope",
                        Escapes.query(scopes(proto))),
                resources(proto),
                redirect,
                callback,
                base,
                List.copyOf(newer.texts("allowed_redirect_domains")),
                seconds(
                        proto.hasCsrfTokenExpiresIn(),
                        proto.getCsrfTokenExpiresIn(),
                        FLOW_SECONDS,
                        context.at("csrf_token_expires_in")),
                seconds(
                        proto.hasCodeVerifierTokenExpiresIn(),
                        proto.getCodeVerifierTokenExpiresIn(),
                        FLOW_SECONDS,
                        context.at("code_verifier_token_expires_in")));
    }

    private static String scopes(OAuth2Config proto) {
        return proto.getAuthScopesCount() == 0
                ? "user"
                : Octets.of(String.join(" ", proto.getAuthScopesList()));
    }

    private static String resources(OAuth2Config proto) {
        StringBuilder text = new StringBuilder();
        for (String resource : proto.getResourcesList()) {
            text.append("&resource=").append(Escapes.query(Octets.of(resource)));
        }
        return text.toString();
    }

    private static @Nullable StringMatcher path(PathMatcher matcher, CompileContext context) {
        return StringMatchers.compile(matcher.getPath(), context.at("path"));
    }

    private static @Nullable SignOut signOut(
            OAuth2Config proto, Overlay newer, CompileContext context) {
        StringMatcher path = path(proto.getSignoutPath(), context.at("signout_path"));
        if (!proto.getEndSessionEndpoint().isEmpty()
                && !proto.getAuthScopesList().contains("openid")) {
            context.at("end_session_endpoint")
                    .error(
                            "OAuth2 filter: end session endpoint is only supported for OpenID"
                                    + " Connect.");
        }
        Overlay after = newer.overlay("post_logout_redirect_uri");
        String uri = after == null ? "" : after.text("uri");
        Formatter redirect =
                uri.isEmpty()
                        ? null
                        : SubstitutionFormats.parse(
                                uri, context.at("post_logout_redirect_uri").at("uri"));
        boolean broken = redirect == null && !uri.isEmpty();
        return path == null || broken
                ? null
                : new SignOut(
                        path,
                        Octets.of(proto.getEndSessionEndpoint()),
                        redirect,
                        after != null && after.flag("disabled"));
    }

    // ---- requests and tokens -----------------------------------------------------------------

    private static Matchers matchers(OAuth2Config proto, Overlay newer, CompileContext context) {
        return new Matchers(
                HeaderMatchers.compile(
                        proto.getPassThroughMatcherList(), "pass_through_matcher", context),
                HeaderMatchers.compile(
                        proto.getDenyRedirectMatcherList(), "deny_redirect_matcher", context),
                HeaderMatchers.compile(
                        newer.messages("allow_failed_matcher", HeaderMatcher.getDefaultInstance()),
                        "allow_failed_matcher",
                        context));
    }

    private static Tokens tokens(OAuth2Config proto, Overlay newer, CompileContext context) {
        return new Tokens(
                !proto.hasUseRefreshToken() || proto.getUseRefreshToken().getValue(),
                !proto.getDisableAccessTokenSetCookie(),
                !proto.getDisableIdTokenSetCookie(),
                !proto.getDisableRefreshTokenSetCookie(),
                !proto.getDisableTokenEncryption(),
                newer.flag("use_access_token_expiry_for_id_token_cookie"),
                seconds(
                        proto.hasDefaultExpiresIn(),
                        proto.getDefaultExpiresIn(),
                        0,
                        context.at("default_expires_in")),
                seconds(
                        proto.hasDefaultRefreshTokenExpiresIn(),
                        proto.getDefaultRefreshTokenExpiresIn(),
                        REFRESH_SECONDS,
                        context.at("default_refresh_token_expires_in")),
                proto.getForwardBearerToken(),
                proto.getPreserveAuthorizationHeader(),
                idHeader(proto, newer, context));
    }

    /** Reports too where two tokens are to go by one header. */
    private static @Nullable HeaderName idHeader(
            OAuth2Config proto, Overlay newer, CompileContext context) {
        Overlay forwarding = newer.overlay("forward_id_token");
        String written = forwarding == null ? "" : forwarding.text("header");
        String header = written.toLowerCase(Locale.ROOT);
        if (header.startsWith(":") || header.equals("host")) {
            context.at("forward_id_token")
                    .error(
                            "invalid forward_id_token configuration: header '"
                                    + written
                                    + "' can not be used to forward the ID token; pseudo-headers"
                                    + " and the Host header are not allowed");
        }
        int users = proto.getForwardBearerToken() ? 1 : 0;
        users += proto.getPreserveAuthorizationHeader() ? 1 : 0;
        users += header.equals("authorization") ? 1 : 0;
        if (users > 1) {
            context.error(
                    "invalid OAuth2 configuration: at most one of forward_bearer_token,"
                            + " preserve_authorization_header, or forward_id_token (when forwarding"
                            + " the ID token on the Authorization header) may be set, as they all"
                            + " use the Authorization header");
        }
        return header.isEmpty() ? null : HeaderName.of(header);
    }

    private static long seconds(
            boolean present, Duration duration, long otherwise, CompileContext context) {
        return Durations.millis(present, duration, otherwise * 1000, context) / 1000;
    }
}
