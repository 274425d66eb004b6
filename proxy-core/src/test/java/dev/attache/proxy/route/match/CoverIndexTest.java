package dev.attache.proxy.route.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderMatcher.Test.Text;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.RouteMatcher.Fraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The index finds what comparing each pair finds, without comparing each pair. */
final class CoverIndexTest {

    private static final Random RANDOM = new Random(11);

    @Test
    void findsTheFirstOfThoseThatCover() {
        int covered = 0;
        for (int run = 0; run < 400; run++) {
            CoverIndex index = new CoverIndex(Long.MAX_VALUE);
            List<RouteMatcher> routes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RouteMatcher route = any();
                int first = first(routes, route);
                assertThat(index.add(route)).as("%s behind %s", route, routes).isEqualTo(first);
                covered += first == CoverIndex.NONE ? 0 : 1;
                routes.add(route);
            }
        }
        assertThat(covered).isBetween(1_000, 7_000);
    }

    @Test
    void routesOfOtherPathsAreNotCompared() {
        int many = 20_000;
        assertThat(exhausts(4 * many, many, i -> new PathMatcher.Exact("/item/" + i, true)))
                .isFalse();
        assertThat(exhausts(8 * many, many, i -> new PathMatcher.Prefix("/item/" + i + "/", true)))
                .isFalse();
    }

    @Test
    void comparesNoMoreThanItMay() {
        CoverIndex index = new CoverIndex(3);
        for (String expression : List.of("/a+", "/b+", "/c+")) {
            index.add(RouteMatcher.of(new PathMatcher.Pattern(Regex.compile(expression))));
        }
        assertThat(index.add(exact("/d"))).isEqualTo(CoverIndex.NONE);
        assertThat(index.isExhausted()).as("three comparisons").isFalse();
        assertThat(index.add(exact("/b"))).isEqualTo(CoverIndex.NONE);
        assertThat(index.isExhausted()).isTrue();
    }

    private static boolean exhausts(long comparisons, int routes, IntFunction<PathMatcher> path) {
        CoverIndex index = new CoverIndex(comparisons);
        for (int i = 0; i < routes; i++) {
            assertThat(index.add(RouteMatcher.of(path.apply(i)))).isEqualTo(CoverIndex.NONE);
        }
        return index.isExhausted();
    }

    private static int first(List<RouteMatcher> earlier, RouteMatcher later) {
        for (int i = 0; i < earlier.size(); i++) {
            if (MatchCover.covers(earlier.get(i), later)) {
                return i;
            }
        }
        return CoverIndex.NONE;
    }

    private static RouteMatcher exact(String path) {
        return RouteMatcher.of(new PathMatcher.Exact(path, true));
    }

    private static RouteMatcher any() {
        PathMatcher path =
                switch (RANDOM.nextInt(12)) {
                    case 0 -> new PathMatcher.Connect();
                    case 1 -> new PathMatcher.Pattern(Regex.compile(".*"));
                    case 2 -> new PathMatcher.Pattern(Regex.compile("/.*"));
                    default -> MatchCoverTest.any(RANDOM);
                };
        HeaderMatcher header =
                new HeaderMatcher(
                        HeaderName.of("x-env"),
                        new Text(StringMatcher.exact("v" + RANDOM.nextInt(2))),
                        false,
                        false);
        return new RouteMatcher(
                path,
                RANDOM.nextInt(3) > 0 ? List.of(header) : List.of(),
                List.of(),
                List.of(),
                RANDOM.nextInt(4) == 0,
                null,
                RANDOM.nextInt(4) == 0 ? new Fraction(1, 2) : null,
                List.of(),
                List.of());
    }
}
