package dev.attache.config.matching;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.config.route.v3.HeaderMatcher}, its deprecated forms included. */
public final class HeaderMatchers {
    private HeaderMatchers() {}

    public static List<HeaderMatcher> compile(
            List<io.envoyproxy.envoy.config.route.v3.HeaderMatcher> matchers,
            String field,
            CompileContext context) {
        if (matchers.isEmpty()) {
            return List.of();
        }
        List<HeaderMatcher> compiled = new ArrayList<>();
        for (int i = 0; i < matchers.size(); i++) {
            HeaderMatcher matcher = compile(matchers.get(i), context.at(field, i));
            if (matcher != null) {
                compiled.add(matcher);
            }
        }
        return compiled;
    }

    /** The matcher, or null with the error reported. */
    public static @Nullable HeaderMatcher compile(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher matcher, CompileContext context) {
        HeaderMatcher.Test test = test(matcher, context);
        if (test == null) {
            return null;
        }
        return new HeaderMatcher(
                HeaderName.of(matcher.getName()),
                test,
                matcher.getInvertMatch(),
                matcher.getTreatMissingHeaderAsEmpty());
    }

    @SuppressWarnings("deprecation") // control planes still send the old forms
    private static HeaderMatcher.@Nullable Test test(
            io.envoyproxy.envoy.config.route.v3.HeaderMatcher matcher, CompileContext context) {
        return switch (matcher.getHeaderMatchSpecifierCase()) {
            case EXACT_MATCH ->
                    text(new StringMatcher.Exact(Octets.of(matcher.getExactMatch()), false));
            case PREFIX_MATCH ->
                    text(new StringMatcher.Prefix(Octets.of(matcher.getPrefixMatch()), false));
            case SUFFIX_MATCH ->
                    text(new StringMatcher.Suffix(Octets.of(matcher.getSuffixMatch()), false));
            case CONTAINS_MATCH ->
                    text(new StringMatcher.Contains(Octets.of(matcher.getContainsMatch()), false));
            case SAFE_REGEX_MATCH -> {
                Regex regex =
                        StringMatchers.regex(
                                matcher.getSafeRegexMatch(), context.at("safe_regex_match"));
                yield regex == null ? null : text(new StringMatcher.Matching(regex));
            }
            case STRING_MATCH -> {
                StringMatcher string =
                        StringMatchers.compile(
                                matcher.getStringMatch(), context.at("string_match"));
                yield string == null ? null : text(string);
            }
            case RANGE_MATCH ->
                    new HeaderMatcher.Test.Range(
                            matcher.getRangeMatch().getStart(), matcher.getRangeMatch().getEnd());
            case PRESENT_MATCH -> new HeaderMatcher.Test.Present(matcher.getPresentMatch());
            case HEADERMATCHSPECIFIER_NOT_SET -> new HeaderMatcher.Test.Present(true);
        };
    }

    private static HeaderMatcher.Test text(StringMatcher matcher) {
        return new HeaderMatcher.Test.Text(matcher);
    }
}
