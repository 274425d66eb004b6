package dev.attache.proxy.route.match;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderMatcher.Test;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.RouteMatcher.TlsMatch;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether one route takes all that another one would. Says so only where it is certain: false means
 * that it is not, or not known. Where values decide, the matchers that serve requests are asked.
 * Pure.
 */
public final class MatchCover {

    private MatchCover() {}

    /** Whether each request that {@code later} matches is matched by {@code earlier}, too. */
    static boolean covers(RouteMatcher earlier, RouteMatcher later) {
        return isCertain(earlier)
                && coversRest(earlier, later)
                && PathCover.covers(ComparedPath.of(earlier.path()), ComparedPath.of(later.path()));
    }

    /** The same of all but the path and of what is drawn. */
    static boolean coversRest(RouteMatcher earlier, RouteMatcher later) {
        return (!earlier.grpc() || later.grpc())
                && coversTls(earlier.tls(), later.tls())
                && all(earlier.headers(), later.headers(), MatchCover::coversHeader)
                && all(earlier.query(), later.query(), MatchCover::coversQuery)
                && all(earlier.cookies(), later.cookies(), MatchCover::coversCookie)
                && all(earlier.dynamicMetadata(), later.dynamicMetadata(), Object::equals)
                && all(earlier.filterState(), later.filterState(), Object::equals);
    }

    /** Whether what is drawn leaves no request to a route. */
    public static boolean takesNothing(RouteMatcher matcher) {
        return matcher.fraction() != null && matcher.fraction().numerator() <= 0;
    }

    /** Whether none of those that it matches is left to chance. */
    static boolean isCertain(RouteMatcher matcher) {
        return matcher.fraction() == null
                || matcher.fraction().numerator() >= matcher.fraction().denominator();
    }

    /** Whether of each condition of the earlier one the later one has one that implies it. */
    private static <T> boolean all(List<T> earlier, List<T> later, BiPredicate<T, T> covers) {
        for (T condition : earlier) {
            if (later.stream().noneMatch(each -> covers.test(condition, each))) {
                return false;
            }
        }
        return true;
    }

    private static boolean coversTls(@Nullable TlsMatch earlier, @Nullable TlsMatch later) {
        if (earlier == null) {
            return true;
        }
        return later != null
                && (earlier.presented() == null || earlier.presented().equals(later.presented()))
                && (earlier.validated() == null || earlier.validated().equals(later.validated()));
    }

    private static boolean coversHeader(HeaderMatcher earlier, HeaderMatcher later) {
        if (!earlier.name().equals(later.name())) {
            return false;
        }
        if (earlier.invert() || later.invert()) {
            return earlier.invert() == later.invert()
                    && earlier.missingAsEmpty() == later.missingAsEmpty()
                    && isSame(earlier.test(), later.test());
        }
        if (later.missingAsEmpty() && !earlier.missingAsEmpty()) {
            return false;
        }
        return coversTest(earlier.test(), later.test());
    }

    private static boolean isSame(Test earlier, Test later) {
        return earlier instanceof Test.Text(var one) && later instanceof Test.Text(var other)
                ? isSame(one, other)
                : earlier.equals(later);
    }

    private static boolean coversTest(Test earlier, Test later) {
        if (earlier instanceof Test.Present(boolean expected) && expected) {
            return !(later instanceof Test.Present(boolean wanted)) || wanted;
        }
        if (earlier instanceof Test.Range(long from, long to)
                && later instanceof Test.Range(long start, long end)) {
            return from <= start && end <= to;
        }
        return earlier instanceof Test.Text(var one) && later instanceof Test.Text(var other)
                ? coversText(one, other)
                : earlier.equals(later);
    }

    private static boolean coversQuery(QueryMatcher earlier, QueryMatcher later) {
        if (!earlier.name().equals(later.name())) {
            return false;
        }
        StringMatcher one = earlier.matcher();
        StringMatcher other = later.matcher();
        if (one == null) {
            boolean present = other != null || later.expectPresent();
            return present == earlier.expectPresent();
        }
        return other != null && coversText(one, other);
    }

    private static boolean coversCookie(CookieMatcher earlier, CookieMatcher later) {
        if (!earlier.name().equals(later.name()) || earlier.invert() != later.invert()) {
            return false;
        }
        return earlier.invert()
                ? isSame(earlier.value(), later.value())
                : coversText(earlier.value(), later.value());
    }

    private static boolean isSame(StringMatcher one, StringMatcher other) {
        return one instanceof StringMatcher.Matching(var regex)
                        && other instanceof StringMatcher.Matching(var same)
                ? regex.pattern().equals(same.pattern())
                : one.equals(other);
    }

    /** Whether each text that {@code later} matches is matched by {@code earlier}. */
    private static boolean coversText(StringMatcher earlier, StringMatcher later) {
        if (isSame(earlier, later)) {
            return true;
        }
        return switch (later) {
            case StringMatcher.Exact(String value, boolean folds) ->
                    (!folds || folds(earlier)) && earlier.matches(value);
            case StringMatcher.Prefix(String value, boolean folds) ->
                    (earlier instanceof StringMatcher.Prefix
                                    || earlier instanceof StringMatcher.Contains)
                            && (!folds || folds(earlier))
                            && earlier.matches(value);
            case StringMatcher.Suffix(String value, boolean folds) ->
                    (earlier instanceof StringMatcher.Suffix
                                    || earlier instanceof StringMatcher.Contains)
                            && (!folds || folds(earlier))
                            && earlier.matches(value);
            case StringMatcher.Contains(String value, boolean folds) ->
                    earlier instanceof StringMatcher.Contains
                            && (!folds || folds(earlier))
                            && earlier.matches(value);
            case StringMatcher.Matching matching -> false;
        };
    }

    private static boolean folds(StringMatcher matcher) {
        return switch (matcher) {
            case StringMatcher.Exact exact -> exact.ignoreCase();
            case StringMatcher.Prefix prefix -> prefix.ignoreCase();
            case StringMatcher.Suffix suffix -> suffix.ignoreCase();
            case StringMatcher.Contains contains -> contains.ignoreCase();
            case StringMatcher.Matching matching -> false;
        };
    }
}
