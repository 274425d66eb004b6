package dev.attache.proxy.network.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.network.http.request.PathNormalization.Outcome;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathNormalizationTest {

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "/a/b, /a/b",
        "/a/./b, /a/b",
        "/a/../b, /b",
        "/a/b/.., /a/",
        "/a/., /a/",
        "/.., /",
        "/../../a, /a",
        "/..a/b.., /..a/b..",
        "/a/%2e%2E/b, /b",
        "/%2e/a, /a",
        "/a%2fb, /a%2fb",
        "/%41%7e, /A~",
        "/%zz%4, /%zz%4",
        "'/a\\b\\..\\c', /a/c",
        "/%%32e%2%65%%%32%65, /%252e%252e%%252e",
        "/%%33%30x%%3%36, /%2530x%%2536",
        "/a%%41%%61g%-%32%65, /a%A%ag%-2e",
        "/%%30%30, /%2500",
        "/a//b, /a//b",
        "/a//../b, /a/b",
        "'/a b', /a%20b",
        "/a/../b?c=/../d, /b?c=/../d",
        "'/a\"<>^`{|}b', /a%22%3C%3E%5E%60%7B%7C%7Db",
        "/a\u007f\u00e9, /a%7F%E9",
        "'/a[]!$&''()*+,;=:@b', '/a[]!$&''()*+,;=:@b'",
        "/a/..;p/b, /b",
        "/..;/a, /a",
        "/a/b/..;v=1/.;/c;p, /a/c;p",
        "/a/b/..;x\\c/d, /a/d",
        "/a/..;%00/b, /b",
        "/a/%2e%2e;x/b, /a/..;x/b",
        "/a/...;x/b, /a/...;x/b",
    })
    void normalizesAsRfc3986(String path, String expected) {
        assertThat(
                        PathNormalization.apply(
                                options(true, false, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(new Outcome.Path(expected));
    }

    @Test
    void anEncodedNulIsRejected() {
        Paths options = options(true, false, EscapedSlashes.KEEP_UNCHANGED);
        for (String path : new String[] {"/%00", "/a%00b?q", "/a/%00/.."}) {
            assertThat(PathNormalization.apply(options, path))
                    .isEqualTo(new Outcome.Rejected(path));
        }
        assertThat(PathNormalization.apply(options, "/a?%00"))
                .isEqualTo(new Outcome.Path("/a?%00"));
    }

    @Test
    void ofSlashesAloneTwoRemain() {
        Paths options = options(false, true, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(PathNormalization.apply(options, "//")).isEqualTo(new Outcome.Path("//"));
        assertThat(PathNormalization.apply(options, "///?a")).isEqualTo(new Outcome.Path("//?a"));
        assertThat(PathNormalization.apply(options, "//a//")).isEqualTo(new Outcome.Path("/a/"));
    }

    @Test
    void normalizingTwiceChangesNothing() {
        Paths options = options(true, true, EscapedSlashes.UNESCAPE_AND_FORWARD);
        for (String path :
                new String[] {"/a//..//b/%2e%2e/c%2f..%5cd", "/%2e%2e%2f", "//..//x/."}) {
            Outcome once = PathNormalization.apply(options, path);
            String value = ((Outcome.Path) once).value();
            assertThat(PathNormalization.apply(options, value)).isEqualTo(once);
        }
    }

    @Test
    void whatIsNoAbsolutePathIsRejected() {
        Paths options = options(true, false, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(PathNormalization.apply(options, "a/b")).isEqualTo(new Outcome.Rejected("a/b"));
        assertThat(PathNormalization.apply(options, "")).isEqualTo(new Outcome.Rejected(""));
        assertThat(PathNormalization.apply(options, "?a=b"))
                .isEqualTo(new Outcome.Rejected("?a=b"));
    }

    @Test
    void slashesAreMergedOutsideTheQuery() {
        Paths options = options(false, true, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(PathNormalization.apply(options, "//a///b//?c=//d"))
                .isEqualTo(new Outcome.Path("/a/b/?c=//d"));
    }

    @Test
    void escapedSlashesAreKeptRejectedRedirectedOrForwarded() {
        String path = "/a%2Fb%5cc?d=%2f";
        assertThat(
                        PathNormalization.apply(
                                options(false, false, EscapedSlashes.KEEP_UNCHANGED), path))
                .isEqualTo(new Outcome.Path(path));
        assertThat(
                        PathNormalization.apply(
                                options(false, false, EscapedSlashes.REJECT_REQUEST), path))
                .isEqualTo(new Outcome.Rejected("/a/b\\c?d=%2f"));
        assertThat(
                        PathNormalization.apply(
                                options(false, false, EscapedSlashes.UNESCAPE_AND_REDIRECT), path))
                .isEqualTo(new Outcome.Redirected("/a/b\\c?d=%2f"));
        assertThat(
                        PathNormalization.apply(
                                options(true, false, EscapedSlashes.UNESCAPE_AND_FORWARD), path))
                .isEqualTo(new Outcome.Path("/a/b/c?d=%2f"));
        assertThat(
                        PathNormalization.apply(
                                options(false, false, EscapedSlashes.REJECT_REQUEST), "/a?b=%2f"))
                .isEqualTo(new Outcome.Path("/a?b=%2f"));
    }

    @Test
    void fragmentsAreCutOrRejected() {
        Paths cut = options(false, false, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(PathNormalization.apply(cut, "/a?b#c")).isEqualTo(new Outcome.Path("/a?b"));
        Paths reject = new Paths(false, false, EscapedSlashes.KEEP_UNCHANGED, true);
        assertThat(PathNormalization.apply(reject, "/a#c")).isEqualTo(new Outcome.Rejected("/a#c"));
    }

    @Test
    void plainPathsNeedNothing() {
        Paths off = options(false, false, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(needed(off, "/a%2f")).isFalse();
        assertThat(needed(off, "/a#b")).isTrue();
        Paths slashes = options(false, false, EscapedSlashes.REJECT_REQUEST);
        assertThat(needed(slashes, "/a%2f")).isTrue();
        assertThat(needed(slashes, "/a")).isFalse();
        Paths canonical = options(true, false, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(needed(canonical, "/a/b.c;d?/../%41")).isFalse();
        assertThat(needed(canonical, "/a/.b")).isTrue();
        assertThat(needed(canonical, "/a%41")).isTrue();
        assertThat(needed(canonical, "/a|b")).isTrue();
        assertThat(needed(canonical, "a")).isTrue();
        Paths merged = options(false, true, EscapedSlashes.KEEP_UNCHANGED);
        assertThat(needed(merged, "/a/b/")).isFalse();
        assertThat(needed(merged, "/a//b")).isTrue();
    }

    private static boolean needed(Paths options, String path) {
        byte[] text = ("x" + path).getBytes(StandardCharsets.ISO_8859_1);
        return PathNormalization.needed(options, text, 1, text.length - 1);
    }

    private static Paths options(boolean normalize, boolean merge, EscapedSlashes slashes) {
        return new Paths(normalize, merge, slashes, false);
    }
}
