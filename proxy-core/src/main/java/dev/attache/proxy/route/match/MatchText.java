package dev.attache.proxy.route.match;

import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderMatcher.Test;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.route.match.RouteMatcher.FilterStateMatch;
import dev.attache.proxy.route.match.RouteMatcher.Fraction;
import dev.attache.proxy.route.match.RouteMatcher.TlsMatch;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** Conditions of routes in words, in the terms of their configuration. Decides nothing. Pure. */
public final class MatchText {

    private MatchText() {}

    /** What a route asks of the path, as the field of its match says it. */
    public static String path(PathMatcher path) {
        return switch (path) {
            case PathMatcher.Prefix(String prefix, boolean sensitive) ->
                    "prefix " + prefix + folded(!sensitive);
            case PathMatcher.Exact(String exact, boolean sensitive) ->
                    "path " + exact + folded(!sensitive);
            case PathMatcher.SeparatedPrefix(String prefix, boolean sensitive) ->
                    "path_separated_prefix " + prefix + folded(!sensitive);
            case PathMatcher.Pattern(var regex) -> "safe_regex " + regex;
            case PathMatcher.Connect() -> "connect_matcher";
            case PathMatcher.Template(var template) -> "path_template " + template.source();
        };
    }

    private static String folded(boolean ignoreCase) {
        return ignoreCase ? " (ignoring case)" : "";
    }

    /** What a matcher of strings asks. */
    public static String value(StringMatcher matcher) {
        return switch (matcher) {
            case StringMatcher.Exact(String value, boolean folds) ->
                    "exact '" + value + "'" + folded(folds);
            case StringMatcher.Prefix(String value, boolean folds) ->
                    "prefix '" + value + "'" + folded(folds);
            case StringMatcher.Suffix(String value, boolean folds) ->
                    "suffix '" + value + "'" + folded(folds);
            case StringMatcher.Contains(String value, boolean folds) ->
                    "contains '" + value + "'" + folded(folds);
            case StringMatcher.Matching(var regex) -> "safe_regex '" + regex + "'";
        };
    }

    /** What a header matcher asks, the name left out. */
    public static String header(HeaderMatcher matcher) {
        String asked =
                switch (matcher.test()) {
                    case Test.Present(boolean expected) -> expected ? "present" : "absent";
                    case Test.Text(StringMatcher text) -> value(text);
                    case Test.Range(long start, long end) -> "range [" + start + ", " + end + ")";
                };
        return (matcher.invert() ? "not " : "") + asked;
    }

    /**
     * Says which condition does not hold.
     *
     * @param failed what {@link RouteMatcher#unmet} has answered
     */
    static void unmet(Object failed, Headers request, StreamInfo info, Explanation into) {
        switch (failed) {
            case Fraction fraction ->
                    say(
                            into,
                            "runtime_fraction",
                            "drawn below " + fraction.numerator() + "/" + fraction.denominator(),
                            "drew " + Long.remainderUnsigned(info.random, fraction.denominator()));
            case HeaderMatcher header -> header(header, request, into);
            case QueryMatcher parameter -> {
                StringMatcher asked = parameter.matcher();
                say(
                        into,
                        "query_parameter " + parameter.name(),
                        asked != null
                                ? value(asked)
                                : parameter.expectPresent() ? "present" : "absent",
                        QueryMatcher.first(RouteMatcher.query(request), parameter.name()));
            }
            case CookieMatcher cookie ->
                    say(
                            into,
                            "cookie " + cookie.name(),
                            (cookie.invert() ? "not " : "") + value(cookie.value()),
                            CookieMatcher.first(request, cookie.name()));
            case TlsMatch tls -> tls(tls, info.downstream().tls(), into);
            case MetadataMatch metadata ->
                    say(
                            into,
                            "dynamic_metadata",
                            metadata.namespace() + " " + String.join(".", metadata.path()),
                            null);
            case FilterStateMatch state -> {
                var value = info.filterState().get(state.key());
                say(into, "filter_state", state.key(), value == null ? null : value.toString());
            }
            default -> say(into, "grpc", "content-type application/grpc", type(request));
        }
    }

    private static void header(HeaderMatcher header, Headers request, Explanation into) {
        boolean method = header.name().equals(HeaderName.METHOD);
        say(
                into,
                method ? "method" : "header " + header.name(),
                header(header),
                request.get(header.name()));
    }

    private static void tls(TlsMatch asked, @Nullable TlsInfo tls, Explanation into) {
        String wanted =
                (asked.presented() == null ? "" : "presented " + asked.presented() + " ")
                        + (asked.validated() == null ? "" : "validated " + asked.validated());
        say(
                into,
                "tls_context",
                wanted.strip(),
                tls == null
                        ? "no TLS, or not known before a handshake"
                        : "presented "
                                + tls.peerCertificatePresented()
                                + " validated "
                                + tls.peerCertificateValidated());
    }

    private static @Nullable String type(Headers request) {
        return request.get(HeaderName.CONTENT_TYPE);
    }

    private static void say(
            Explanation into, String condition, String wanted, @Nullable String found) {
        into.say("condition", condition)
                .say("wanted", wanted)
                .say("found", found == null ? "nothing" : found);
    }
}
