package dev.attache.filters.http.oauth2.cookie;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The cookies of a request, of equal names the first, without quotes around values; written back in
 * the order in which they came. Loop-confined.
 */
public final class RequestCookies {

    private final Map<String, String> values = new LinkedHashMap<>();

    private RequestCookies() {}

    public static RequestCookies of(Headers request) {
        RequestCookies cookies = new RequestCookies();
        for (int i = request.indexOf(HeaderName.COOKIE);
                i >= 0;
                i = request.indexOf(HeaderName.COOKIE, i + 1)) {
            cookies.read(request.value(i));
        }
        return cookies;
    }

    /** As in Envoy only spaces before a name are left out. */
    private void read(String text) {
        int end = -1;
        while (end < text.length()) {
            int at = end + 1;
            int semicolon = text.indexOf(';', at);
            end = semicolon < 0 ? text.length() : semicolon;
            while (at < end && text.charAt(at) == ' ') {
                at++;
            }
            int equals = text.indexOf('=', at);
            if (equals >= at && equals < end) {
                values.putIfAbsent(
                        text.substring(at, equals), unquoted(text.substring(equals + 1, end)));
            }
        }
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean contains(String name) {
        return values.containsKey(name);
    }

    /** The value, empty where there is no such cookie. */
    public String value(String name) {
        return values.getOrDefault(name, "");
    }

    /** The value of a cookie of one login, or of the one without a suffix; null: neither. */
    public @Nullable String ofFlow(String name, String flow) {
        String own = value(name + '.' + flow);
        String found = own.isEmpty() ? value(name) : own;
        return found.isEmpty() ? null : found;
    }

    public void put(String name, String value) {
        values.put(name, value);
    }

    public void remove(String name) {
        values.remove(name);
    }

    /** In the order in which they came. */
    public Set<String> names() {
        return values.keySet();
    }

    /** Takes away what is the filter's alone; tokens of access and identity stay. */
    public void removeFlow(CookieRules rules) {
        values.remove(rules.name(CookieKind.HMAC));
        values.remove(rules.name(CookieKind.EXPIRES));
        values.remove(rules.name(CookieKind.REFRESH_TOKEN));
        values.keySet()
                .removeIf(name ->
                        isOfFlow(name, rules.name(CookieKind.NONCE))
                                || isOfFlow(name, rules.name(CookieKind.CODE_VERIFIER)));
    }

    /** Takes away all that a session consists of. */
    public void removeSession(CookieRules rules) {
        values.remove(rules.name(CookieKind.BEARER_TOKEN));
        values.remove(rules.name(CookieKind.ID_TOKEN));
        removeFlow(rules);
    }

    /** Whether a name is a cookie's of that kind, with or without a login's suffix. */
    public static boolean isOfFlow(String name, String kind) {
        return name.equals(kind)
                || name.length() > kind.length()
                        && name.startsWith(kind)
                        && name.charAt(kind.length()) == '.';
    }

    /** Puts them in place of all that the request has, behind its other headers as in Envoy. */
    public void writeTo(Headers request) {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "; ").append(name).append('=').append(value));
        request.remove(HeaderName.COOKIE);
        request.add(HeaderName.COOKIE, text.toString());
    }
}
