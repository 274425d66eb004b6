package dev.attache.filters.http.oauth2;

import dev.attache.filters.http.oauth2.cookie.Base64Url;
import dev.attache.filters.http.oauth2.cookie.CookieKind;
import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.filters.http.oauth2.cookie.RequestCookies;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A client that comes from the authorization server (RFC 6749 section 4.1.2). Octets. Immutable.
 *
 * @param flow which login it is; empty where nothing says so that can be trusted
 * @param url where he wanted to go; empty with a problem
 * @param code as it stands in the query
 * @param problem why it is not heeded, in Envoy's words, or null
 */
record Callback(String flow, String url, String code, @Nullable String problem) {

    static Callback read(String path, RequestCookies cookies, Oauth2Settings settings, Keys keys) {
        QueryParams query = QueryParams.of(path);
        String state = query.first("state");
        if (query.first("error") != null) {
            String flow = state == null ? "" : state(state, "", cookies, settings, keys).flow();
            return failed(flow, "OAuth server returned an error: " + query);
        }
        String code = query.first("code");
        if (code == null || state == null) {
            return failed("", "Code or state query param does not exist: " + query);
        }
        return state(state, code, cookies, settings, keys);
    }

    private static Callback failed(String flow, String problem) {
        return new Callback(flow, "", "", problem);
    }

    private static Callback state(
            String encoded,
            String code,
            RequestCookies cookies,
            Oauth2Settings settings,
            Keys keys) {
        byte[] json = Base64Url.decode(encoded);
        MetadataValue.Struct object = FlowState.decode(json);
        String text = new String(json, StandardCharsets.ISO_8859_1);
        if (object == null) {
            return failed("", "State query param is not a valid JSON: " + text);
        }
        FlowState state = FlowState.of(object);
        if (state == null) {
            return failed("", "State query param does not contain url or CSRF token: " + text);
        }
        String nonce = cookies.ofFlow(settings.cookies().name(CookieKind.NONCE), state.flow());
        if (nonce == null || !Keys.isSame(nonce, state.csrfToken()) || !state.isSigned(keys)) {
            return failed("", "CSRF token validation failed");
        }
        if (AbsoluteUrl.parse(state.url()) == null) {
            return failed(state.flow(), "State url can not be initialized: " + state.url());
        }
        if (!settings.login().allows(state.url())) {
            return failed(
                    state.flow(),
                    "State url host is not in the allowed redirect domains: " + state.url());
        }
        return new Callback(state.flow(), state.url(), code, null);
    }
}
