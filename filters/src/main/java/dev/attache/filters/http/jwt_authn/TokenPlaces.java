package dev.attache.filters.http.jwt_authn;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.QueryString;
import dev.attache.proxy.route.match.CookieMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where the tokens of some providers are found: headers first, then parameters of the query, then
 * cookies, each in the order of their names. Immutable.
 */
final class TokenPlaces {

    /** Whose tokens may stand in a place. */
    static final class Issuers {
        private final Set<String> named = new HashSet<>();
        private boolean any;

        private void add(String issuer) {
            any |= issuer.isEmpty();
            named.add(issuer);
        }

        boolean allow(String issuer) {
            return any || named.contains(issuer);
        }
    }

    /**
     * A token as it was found.
     *
     * @param header where it stood, or null
     * @param param the parameter where it stood, or null; both null: a cookie, from which no token
     *     is taken away
     */
    record Token(
            String text, Issuers issuers, @Nullable HeaderName header, @Nullable String param) {

        void removeFrom(Headers request) {
            if (header != null) {
                request.remove(header);
            } else if (param != null) {
                String path = request.getOr(HeaderName.PATH, "");
                request.set(HeaderName.PATH, QueryString.without(path, param));
            }
        }
    }

    private record InHeader(HeaderName name, String prefix, Issuers issuers) {}

    private record Named(String name, Issuers issuers) {}

    private final List<InHeader> headers = new ArrayList<>();
    private final List<Named> params;
    private final List<Named> cookies;

    TokenPlaces(List<Provider> providers) {
        Map<String, InHeader> byHeader = new TreeMap<>();
        Map<String, Issuers> byParam = new TreeMap<>();
        Map<String, Issuers> byCookie = new TreeMap<>();
        for (Provider provider : providers) {
            Provider.Places places = provider.places();
            for (Provider.HeaderPlace place : places.headers()) {
                byHeader.computeIfAbsent(
                                place.name().toString() + place.prefix(),
                                key -> new InHeader(place.name(), place.prefix(), new Issuers()))
                        .issuers()
                        .add(provider.issuer());
            }
            add(byParam, places.params(), provider.issuer());
            add(byCookie, places.cookies(), provider.issuer());
        }
        headers.addAll(byHeader.values());
        this.params = named(byParam);
        this.cookies = named(byCookie);
    }

    private static void add(Map<String, Issuers> places, List<String> names, String issuer) {
        for (String name : names) {
            places.computeIfAbsent(name, key -> new Issuers()).add(issuer);
        }
    }

    private static List<Named> named(Map<String, Issuers> places) {
        List<Named> named = new ArrayList<>(places.size());
        places.forEach((name, issuers) -> named.add(new Named(name, issuers)));
        return List.copyOf(named);
    }

    /** The tokens of a request, in the order of their places. */
    List<Token> find(Headers request) {
        List<Token> tokens = new ArrayList<>(2);
        for (int i = 0; i < headers.size(); i++) {
            find(request, headers.get(i), tokens);
        }
        if (!params.isEmpty()) {
            String query = QueryString.of(request.getOr(HeaderName.PATH, ""));
            for (int i = 0; query != null && i < params.size(); i++) {
                Named param = params.get(i);
                String value = QueryString.first(query, param.name());
                if (value != null) {
                    tokens.add(new Token(value, param.issuers(), null, param.name()));
                }
            }
        }
        for (int i = 0; i < cookies.size(); i++) {
            Named cookie = cookies.get(i);
            String value = CookieMatcher.first(request, cookie.name());
            if (value != null) {
                tokens.add(new Token(value, cookie.issuers(), null, null));
            }
        }
        return tokens;
    }

    private static void find(Headers request, InHeader place, List<Token> tokens) {
        for (int i = request.indexOf(place.name());
                i >= 0;
                i = request.indexOf(place.name(), i + 1)) {
            String value = request.value(i);
            if (!place.prefix().isEmpty()) {
                int prefix = value.indexOf(place.prefix());
                if (prefix < 0) {
                    continue;
                }
                value = behind(value, prefix + place.prefix().length());
            }
            tokens.add(new Token(value, place.issuers(), place.name(), null));
        }
    }

    /** From the next character on that a token may begin with; all of it where there is none. */
    private static String behind(String value, int from) {
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 'A' && c <= 'Z'
                    || c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.') {
                return value.substring(i);
            }
        }
        return value;
    }
}
