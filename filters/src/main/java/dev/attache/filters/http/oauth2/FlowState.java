package dev.attache.filters.http.oauth2;

import dev.attache.config.load.JsonStruct;
import dev.attache.filters.http.oauth2.cookie.Base64Url;
import dev.attache.filters.http.oauth2.cookie.Keys;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What travels to the authorization server and back as {@code state}: where the client wanted to
 * go, and a token that a cookie of his has too (RFC 6749 section 10.12). Octets. Immutable.
 *
 * @param url where he wanted to go
 * @param csrfToken the flow, a dot, and its signature
 * @param flow names the cookies of this login; empty in states of before there were such
 */
record FlowState(String url, String csrfToken, String flow) {

    private static final String URL = "url";
    private static final String TOKEN = "csrf_token";
    private static final String FLOW = "flow_id";

    static FlowState begin(String url, String flow, Keys keys) {
        return new FlowState(url, flow + '.' + keys.sign(flow), flow);
    }

    /** Whether the token is one that was made with these keys. */
    boolean isSigned(Keys keys) {
        int dot = csrfToken.indexOf('.');
        return dot >= 0
                && Keys.isSame(
                        keys.sign(csrfToken.substring(0, dot)), csrfToken.substring(dot + 1));
    }

    String encode() {
        StringBuilder json = new StringBuilder();
        JsonText.quoteOctets(json.append("{\"url\":"), url);
        JsonText.quoteOctets(json.append(",\"csrf_token\":"), csrfToken);
        JsonText.quoteOctets(json.append(",\"flow_id\":"), flow);
        return Base64Url.encode(json.append('}').toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The object in a state, or null where it is none. */
    static MetadataValue.@Nullable Struct decode(byte[] json) {
        return JsonStruct.read(json);
    }

    /** The state that an object means, or null where something is missing. */
    static @Nullable FlowState of(MetadataValue.Struct object) {
        if (object.get(URL) == null || object.get(TOKEN) == null) {
            return null;
        }
        return new FlowState(text(object, URL), text(object, TOKEN), text(object, FLOW));
    }

    private static String text(MetadataValue.Struct object, String name) {
        return object.get(name) instanceof MetadataValue.Text(String text) ? Octets.of(text) : "";
    }
}
