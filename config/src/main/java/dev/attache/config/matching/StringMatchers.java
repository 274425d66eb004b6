package dev.attache.config.matching;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code envoy.type.matcher.v3.StringMatcher} and {@code RegexMatcher}. */
public final class StringMatchers {
    private StringMatchers() {}

    /** The matcher, or null with the error reported. */
    public static @Nullable StringMatcher compile(
            io.envoyproxy.envoy.type.matcher.v3.StringMatcher matcher, CompileContext context) {
        boolean ignoreCase = matcher.getIgnoreCase();
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new StringMatcher.Exact(Octets.of(matcher.getExact()), ignoreCase);
            case PREFIX -> new StringMatcher.Prefix(Octets.of(matcher.getPrefix()), ignoreCase);
            case SUFFIX -> new StringMatcher.Suffix(Octets.of(matcher.getSuffix()), ignoreCase);
            case CONTAINS ->
                    new StringMatcher.Contains(Octets.of(matcher.getContains()), ignoreCase);
            case SAFE_REGEX -> {
                if (ignoreCase) {
                    context.at("ignore_case").error("ignore_case has no effect for safe_regex.");
                    yield null;
                }
                Regex regex = regex(matcher.getSafeRegex(), context.at("safe_regex"));
                yield regex == null ? null : new StringMatcher.Matching(regex);
            }
            case CUSTOM -> {
                context.at("custom").error("custom string matchers are not supported");
                yield null;
            }
            case MATCHPATTERN_NOT_SET -> {
                context.error("no match pattern is set");
                yield null;
            }
        };
    }

    public static List<StringMatcher> compile(
            List<io.envoyproxy.envoy.type.matcher.v3.StringMatcher> matchers,
            String field,
            CompileContext context) {
        List<StringMatcher> compiled = new ArrayList<>();
        for (int i = 0; i < matchers.size(); i++) {
            StringMatcher matcher = compile(matchers.get(i), context.at(field, i));
            if (matcher != null) {
                compiled.add(matcher);
            }
        }
        return compiled;
    }

    /** The expression for octets, or null with RE2's complaint reported. */
    public static @Nullable Regex regex(RegexMatcher matcher, CompileContext context) {
        try {
            return Regex.compile(Octets.of(matcher.getRegex()));
        } catch (IllegalArgumentException e) {
            // RE2's own wording, which differs from the Java port's in these cases.
            String problem =
                    Octets.text(String.valueOf(e.getMessage()))
                            .replace("missing closing )", "missing )")
                            .replace(
                                    "missing argument to repetition operator",
                                    "no argument for repetition operator");
            context.at("regex").error(problem);
            return null;
        }
    }
}
