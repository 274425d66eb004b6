package dev.attache.config.route;

import dev.attache.api.Overlay;
import dev.attache.config.core.Fractions;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.matching.FilterStateMatchers;
import dev.attache.config.matching.HeaderMatchers;
import dev.attache.config.matching.StringMatchers;
import dev.attache.config.matching.ValueMatchers;
import dev.attache.config.runtime.Fraction;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.route.match.CookieMatcher;
import dev.attache.proxy.route.match.PathMatcher;
import dev.attache.proxy.route.match.QueryMatcher;
import dev.attache.proxy.route.match.RouteMatcher;
import dev.attache.proxy.route.match.UriTemplate;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code RouteMatch} to {@link RouteMatcher}. */
public final class RouteMatchCompiler {
    private RouteMatchCompiler() {}

    /** The matcher, or null with the errors reported. */
    public static @Nullable RouteMatcher compile(RouteMatch match, CompileContext context) {
        PathMatcher path = path(match, context);
        RouteMatcher matcher =
                new RouteMatcher(
                        path == null ? new PathMatcher.Connect() : path,
                        HeaderMatchers.compile(match.getHeadersList(), "headers", context),
                        query(match, context),
                        cookies(match, context),
                        match.hasGrpc(),
                        match.hasTlsContext() ? tls(match) : null,
                        match.hasRuntimeFraction() ? fraction(match, context) : null,
                        metadata(match, context),
                        filterState(match, context));
        return path == null ? null : matcher;
    }

    private static @Nullable PathMatcher path(RouteMatch match, CompileContext context) {
        boolean sensitive = !match.hasCaseSensitive() || match.getCaseSensitive().getValue();
        return switch (match.getPathSpecifierCase()) {
            case PREFIX -> new PathMatcher.Prefix(Octets.of(match.getPrefix()), sensitive);
            case PATH -> new PathMatcher.Exact(Octets.of(match.getPath()), sensitive);
            case PATH_SEPARATED_PREFIX ->
                    new PathMatcher.SeparatedPrefix(
                            Octets.of(match.getPathSeparatedPrefix()), sensitive);
            case SAFE_REGEX -> {
                Regex regex = StringMatchers.regex(match.getSafeRegex(), context.at("safe_regex"));
                yield regex == null ? null : new PathMatcher.Pattern(regex);
            }
            case CONNECT_MATCHER -> new PathMatcher.Connect();
            case PATH_MATCH_POLICY -> template(match, context.at("path_match_policy"));
            case PATHSPECIFIER_NOT_SET -> {
                context.error("a path specifier must be set");
                yield null;
            }
        };
    }

    private static @Nullable PathMatcher template(RouteMatch match, CompileContext context) {
        UriTemplate template = UriTemplates.compile(match.getPathMatchPolicy(), context);
        return template == null ? null : new PathMatcher.Template(template);
    }

    private static List<QueryMatcher> query(RouteMatch match, CompileContext context) {
        if (match.getQueryParametersCount() == 0) {
            return List.of();
        }
        List<QueryMatcher> matchers = new ArrayList<>();
        for (int i = 0; i < match.getQueryParametersCount(); i++) {
            QueryParameterMatcher parameter = match.getQueryParameters(i);
            if (!parameter.hasStringMatch()) {
                boolean present = !parameter.hasPresentMatch() || parameter.getPresentMatch();
                matchers.add(new QueryMatcher(Octets.of(parameter.getName()), null, present));
                continue;
            }
            StringMatcher string =
                    StringMatchers.compile(
                            parameter.getStringMatch(),
                            context.at("query_parameters", i).at("string_match"));
            if (string != null) {
                matchers.add(new QueryMatcher(Octets.of(parameter.getName()), string, true));
            }
        }
        return matchers;
    }

    private static List<CookieMatcher> cookies(RouteMatch match, CompileContext context) {
        List<Overlay> cookies = Overlay.of(match).overlays("cookies");
        if (cookies.isEmpty()) {
            return List.of();
        }
        List<CookieMatcher> matchers = new ArrayList<>(cookies.size());
        for (int i = 0; i < cookies.size(); i++) {
            Overlay cookie = cookies.get(i);
            var value =
                    cookie.message(
                            "string_match",
                            io.envoyproxy.envoy.type.matcher.v3.StringMatcher.getDefaultInstance());
            StringMatcher string =
                    StringMatchers.compile(
                            Objects.requireNonNull(value, "checked before"),
                            context.at("cookies", i).at("string_match"));
            if (string != null) {
                matchers.add(
                        new CookieMatcher(
                                Octets.of(cookie.text("name")),
                                string,
                                cookie.flag("invert_match")));
            }
        }
        return matchers;
    }

    private static RouteMatcher.TlsMatch tls(RouteMatch match) {
        var options = match.getTlsContext();
        return new RouteMatcher.TlsMatch(
                options.hasPresented() ? options.getPresented().getValue() : null,
                options.hasValidated() ? options.getValidated().getValue() : null);
    }

    private static RouteMatcher.Fraction fraction(RouteMatch match, CompileContext context) {
        Fraction fraction =
                Fractions.compile(match.getRuntimeFraction(), context.at("runtime_fraction"));
        return new RouteMatcher.Fraction(fraction.numerator(), fraction.denominator());
    }

    private static List<MetadataMatch> metadata(RouteMatch match, CompileContext context) {
        if (match.getDynamicMetadataCount() == 0) {
            return List.of();
        }
        List<MetadataMatch> matches = new ArrayList<>();
        for (int i = 0; i < match.getDynamicMetadataCount(); i++) {
            MetadataMatch matcher =
                    ValueMatchers.compile(
                            match.getDynamicMetadata(i), context.at("dynamic_metadata", i));
            if (matcher != null) {
                matches.add(matcher);
            }
        }
        return matches;
    }

    private static List<RouteMatcher.FilterStateMatch> filterState(
            RouteMatch match, CompileContext context) {
        if (match.getFilterStateCount() == 0) {
            return List.of();
        }
        List<RouteMatcher.FilterStateMatch> matches = new ArrayList<>();
        for (int i = 0; i < match.getFilterStateCount(); i++) {
            var matcher = match.getFilterState(i);
            Predicate<FilterState.Value> test =
                    FilterStateMatchers.compile(matcher, context.at("filter_state", i));
            if (test != null) {
                matches.add(new RouteMatcher.FilterStateMatch(matcher.getKey(), test));
            }
        }
        return matches;
    }
}
