package dev.attache.proxy.route.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderMatcher;
import dev.attache.proxy.http.HeaderMatcher.Test.Present;
import dev.attache.proxy.http.HeaderMatcher.Test.Text;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.matching.Regex;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.route.match.PathMatcher.Connect;
import dev.attache.proxy.route.match.PathMatcher.Exact;
import dev.attache.proxy.route.match.PathMatcher.Pattern;
import dev.attache.proxy.route.match.PathMatcher.Prefix;
import dev.attache.proxy.route.match.PathMatcher.SeparatedPrefix;
import dev.attache.proxy.route.match.PathMatcher.Template;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said to be covered is: asked for each pair, and of requests that are drawn. */
final class MatchCoverTest {

    private static final List<String> TEXTS =
            List.of("", "/", "/a", "/A", "/a/", "/a/b", "/ab", "/ab/c", "/b");

    @Test
    void prefixesTakeWhatIsBelowThem() {
        assertThat(path(prefix("/"), prefix("/api"))).isTrue();
        assertThat(path(prefix("/"), exact("/"))).isTrue();
        assertThat(path(prefix("/api"), separated("/api"))).isTrue();
        assertThat(path(prefix("/api"), prefix("/"))).isFalse();
        assertThat(path(prefix("/api"), prefix("/apis"))).isTrue();
        assertThat(path(separated("/api"), prefix("/apis"))).isFalse();
        assertThat(path(separated("/api"), prefix("/api"))).isFalse();
        assertThat(path(separated("/api"), prefix("/api/"))).isTrue();
        assertThat(path(separated("/api"), exact("/api/x"))).isTrue();
        assertThat(path(exact("/api"), prefix("/api"))).isFalse();
    }

    @Test
    void expressionsAreKnownByTheirBeginning() {
        assertThat(path(prefix("/a"), regex("/ab+c.*"))).isTrue();
        assertThat(path(prefix("/ab"), regex("/ab?c.*"))).isFalse();
        assertThat(path(prefix("/a"), regex("/a|/b"))).isFalse();
        assertThat(path(prefix("/"), regex("(?i)/a"))).isFalse();
        assertThat(path(prefix("/"), regex(".*"))).as("OPTIONS *").isFalse();
        assertThat(path(regex(".*"), prefix("/a"))).isTrue();
        assertThat(path(regex("/.*"), prefix("/a"))).isTrue();
        assertThat(path(regex("/v[0-9]/x"), exact("/v1/x"))).isTrue();
        assertThat(path(regex("/v[0-9]/x"), prefix("/v1/x"))).isFalse();
        assertThat(path(prefix("/users"), template("/users/{id}"))).isTrue();
        assertThat(path(template("/users/*"), exact("/users/7"))).isTrue();
    }

    @Test
    void lettersOfEitherCaseNeedOneWhoTakesBoth() {
        assertThat(path(prefix("/a"), new Prefix("/a", false))).isFalse();
        assertThat(path(prefix("/"), new Prefix("/a", false))).isTrue();
        assertThat(path(new Prefix("/A", false), prefix("/a"))).isTrue();
    }

    @Test
    void connectIsOfItsOwn() {
        assertThat(path(prefix(""), new Connect())).isFalse();
        assertThat(path(new Connect(), new Connect())).isTrue();
        assertThat(path(new Connect(), prefix("/"))).isFalse();
    }

    @Test
    void eachConditionOfTheEarlierOneIsImplied() {
        HeaderMatcher present = header(new Present(true), false, false);
        HeaderMatcher beta = header(new Text(StringMatcher.exact("beta")), false, false);
        HeaderMatcher notBeta = header(new Text(StringMatcher.exact("beta")), true, false);
        HeaderMatcher empty = header(new Text(StringMatcher.exact("")), false, true);
        assertThat(headers(List.of(), List.of(beta))).isTrue();
        assertThat(headers(List.of(beta), List.of())).isFalse();
        assertThat(headers(List.of(present), List.of(beta))).isTrue();
        assertThat(headers(List.of(present), List.of(notBeta))).isFalse();
        assertThat(headers(List.of(present), List.of(empty))).isFalse();
        assertThat(headers(List.of(notBeta), List.of(notBeta))).isTrue();
        assertThat(headers(List.of(header(new Text(matching("b.*")), false, false)), List.of(beta)))
                .isTrue();
    }

    @Test
    void whatIsDrawnIsNeverCertain() {
        RouteMatcher half = drawn(1, 2);
        RouteMatcher all = RouteMatcher.of(prefix("/"));
        assertThat(MatchCover.covers(half, all)).isFalse();
        assertThat(MatchCover.covers(all, half)).isTrue();
        assertThat(MatchCover.covers(drawn(2, 2), all)).isTrue();
        assertThat(MatchCover.takesNothing(drawn(0, 2))).isTrue();
        assertThat(MatchCover.takesNothing(half)).isFalse();
    }

    /** Whatever is said to be covered, no path of a few thousand that are drawn disproves it. */
    @Test
    void noPathIsFoundThatOnlyTheLaterOneTakes() {
        Random random = new Random(7);
        int covered = 0;
        for (int i = 0; i < 20_000; i++) {
            PathMatcher earlier = any(random);
            PathMatcher later = any(random);
            if (!PathCover.covers(ComparedPath.of(earlier), ComparedPath.of(later))) {
                continue;
            }
            covered++;
            for (int j = 0; j < 20; j++) {
                String text = text(random) + text(random);
                assertThat(matches(later, text) && !matches(earlier, text))
                        .as("%s, %s, '%s'", earlier, later, text)
                        .isFalse();
            }
        }
        assertThat(covered).isGreaterThan(2_000);
    }

    private static boolean matches(PathMatcher matcher, String path) {
        byte[] text = path.getBytes(StandardCharsets.ISO_8859_1);
        return CompiledPath.of(matcher)
                .matches(new Headers(MessagePart.REQUEST), text, 0, text.length);
    }

    private static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    /** One of a few paths, so that two have often to do with each other. */
    static PathMatcher any(Random random) {
        String text = text(random);
        boolean sensitive = random.nextBoolean();
        return switch (random.nextInt(5)) {
            case 0 -> new Prefix(text, sensitive);
            case 1 -> new Exact(text, sensitive);
            case 2 -> new SeparatedPrefix(text, sensitive);
            case 3 ->
                    regex(
                            "/"
                                    + text
                                    + List.of("", ".*", "?", "*", "+b", "{2}")
                                            .get(random.nextInt(6)));
            default -> template("/" + List.of("a", "*", "{x}/b", "a/**").get(random.nextInt(4)));
        };
    }

    private static boolean path(PathMatcher earlier, PathMatcher later) {
        return MatchCover.covers(RouteMatcher.of(earlier), RouteMatcher.of(later));
    }

    private static boolean headers(List<HeaderMatcher> earlier, List<HeaderMatcher> later) {
        return MatchCover.covers(matcher(earlier, null), matcher(later, null));
    }

    private static RouteMatcher drawn(long numerator, long denominator) {
        return matcher(List.of(), new RouteMatcher.Fraction(numerator, denominator));
    }

    private static RouteMatcher matcher(
            List<HeaderMatcher> headers, RouteMatcher.@Nullable Fraction fraction) {
        return new RouteMatcher(
                prefix("/"),
                headers,
                List.of(),
                List.of(),
                false,
                null,
                fraction,
                List.of(),
                List.of());
    }

    private static HeaderMatcher header(
            HeaderMatcher.Test test, boolean invert, boolean missingAsEmpty) {
        return new HeaderMatcher(HeaderName.of("x-env"), test, invert, missingAsEmpty);
    }

    private static StringMatcher matching(String pattern) {
        return new StringMatcher.Matching(Regex.compile(pattern));
    }

    private static PathMatcher prefix(String prefix) {
        return new Prefix(prefix, true);
    }

    private static PathMatcher exact(String path) {
        return new Exact(path, true);
    }

    private static PathMatcher separated(String prefix) {
        return new SeparatedPrefix(prefix, true);
    }

    private static PathMatcher regex(String pattern) {
        return new Pattern(Regex.compile(pattern));
    }

    private static PathMatcher template(String template) {
        return new Template(UriTemplate.parse(template));
    }
}
