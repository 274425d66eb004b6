package dev.attache.filters.http.oauth2.exchange;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.call.UpstreamCall;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.route.RetryPolicy;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Where codes and refresh tokens are exchanged for tokens. Immutable.
 *
 * @param retry null = what the cluster says
 */
public record TokenEndpoint(
        String cluster,
        String authority,
        String path,
        long timeoutMillis,
        @Nullable RetryPolicy retry,
        Client client) {

    private static final String ASSERTION =
            "&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
                    + "&client_assertion=";

    /**
     * What says who asks: a secret, or a signed token. Octets.
     *
     * @param nowSeconds since 1970
     * @throws GeneralSecurityException with Envoy's words, where no token can be signed
     */
    public String credential(long nowSeconds) throws GeneralSecurityException {
        TlsSecret.Generic secret = client.secret() == null ? null : client.secret().current();
        if (secret == null) {
            return "";
        }
        Client.Assertion assertion = client.assertion();
        return assertion == null
                ? new String(secret.secret(), StandardCharsets.ISO_8859_1)
                : ClientAssertion.sign(client.id(), assertion, secret, nowSeconds);
    }

    /**
     * Exchanges a code.
     *
     * @param code as it stands in the query
     */
    public UpstreamCall exchangeCode(
            UpstreamCalls calls,
            String code,
            String credential,
            String redirectUri,
            String codeVerifier,
            ResponseListener listener) {
        String body =
                "grant_type=authorization_code&code="
                        + code
                        + who(credential)
                        + "&redirect_uri="
                        + Escapes.form(redirectUri)
                        + "&code_verifier="
                        + codeVerifier;
        return send(calls, body, credential, listener);
    }

    /** Exchanges a refresh token. */
    public UpstreamCall refresh(
            UpstreamCalls calls, String token, String credential, ResponseListener listener) {
        String body =
                "grant_type=refresh_token&refresh_token=" + Escapes.form(token) + who(credential);
        return send(calls, body, credential, listener);
    }

    private String who(String credential) {
        String id = "&client_id=" + Escapes.form(client.id());
        return switch (client.how()) {
            case URL_ENCODED_BODY -> id + "&client_secret=" + Escapes.form(credential);
            case BASIC_AUTH -> "";
            case TLS_CLIENT_AUTH -> id;
            case PRIVATE_KEY_JWT -> id + ASSERTION + Escapes.form(credential);
        };
    }

    private UpstreamCall send(
            UpstreamCalls calls, String body, String credential, ResponseListener listener) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, path);
        head.add(HeaderName.AUTHORITY, authority);
        head.add(HeaderName.CONTENT_TYPE, "application/x-www-form-urlencoded");
        head.add(HeaderName.ACCEPT, "application/json");
        if (client.how() == Client.How.BASIC_AUTH) {
            byte[] pair = (client.id() + ':' + credential).getBytes(StandardCharsets.ISO_8859_1);
            head.add(HeaderName.AUTHORIZATION, "Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return calls.send(
                cluster,
                head,
                Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.ISO_8859_1)),
                CallOptions.DEFAULT.timeout(timeoutMillis).retry(retry),
                listener);
    }
}
