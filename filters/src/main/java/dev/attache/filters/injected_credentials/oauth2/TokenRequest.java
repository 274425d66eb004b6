package dev.attache.filters.injected_credentials.oauth2;

import dev.attache.filters.wire.QueryParameters;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a token is asked for, and as whom; equal ones mean the same token. Texts are octets.
 * Immutable.
 *
 * @param secretName what the client's secret is called; it comes when it is needed
 * @param scopes with blanks between them; empty = not said
 */
record TokenRequest(
        String cluster,
        String authority,
        String path,
        long timeoutMillis,
        String clientId,
        String secretName,
        String scopes,
        List<Parameter> parameters) {

    /** A further one of the body. */
    record Parameter(String name, String value) {}

    /** Of an answer. Tokens have some kilobytes. */
    private static final long MAX_BYTES = 1 << 20;

    TokenRequest {
        parameters = List.copyOf(parameters);
    }

    /** The caller's to keep. */
    Headers head() {
        Headers head = new Headers(MessagePart.REQUEST, 256, 8);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, path);
        head.add(HeaderName.AUTHORITY, authority);
        head.add(HeaderName.CONTENT_TYPE, "application/x-www-form-urlencoded");
        head.add(HeaderName.ACCEPT, "application/json");
        // The name by which Envoy's fetcher goes since its first days; servers may ask for it.
        head.add(HeaderName.USER_AGENT, "Go-browser");
        return head;
    }

    /** Name and secret always go in here, as in Envoy, whatever {@code auth_type} says. */
    byte[] body(String secret) {
        StringBuilder body = new StringBuilder("grant_type=client_credentials");
        add("client_id", clientId, body);
        add("client_secret", secret, body);
        if (!scopes.isEmpty()) {
            add("scope", scopes, body);
        }
        for (Parameter parameter : parameters) {
            add(QueryParameters.encode(parameter.name()), parameter.value(), body);
        }
        return body.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void add(String name, String value, StringBuilder body) {
        body.append('&').append(name).append('=').append(QueryParameters.encode(value));
    }

    CallOptions options() {
        return CallOptions.DEFAULT.limits(0, MAX_BYTES).timeout(timeoutMillis);
    }
}
