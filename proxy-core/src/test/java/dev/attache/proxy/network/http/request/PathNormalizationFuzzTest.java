package dev.attache.proxy.network.http.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.network.http.request.PathNormalization.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever the path, under every setting: normalising twice changes nothing, the short cut agrees
 * with the long way, and no dot segment, fragment or escaped slash gets past a setting that removes
 * it. The query stays as it came.
 */
@Tag("wire")
class PathNormalizationFuzzTest {

    static Stream<byte[]> paths() {
        return Stream.of(
                        "/a/../b",
                        "//a///b/?c//d",
                        "/%2e%2E/%2f%5c\\a",
                        "/a/..;v=1/./b;c",
                        "/a#b?c",
                        "/%zz%00",
                        "/%25%32%65%25%32%65/",
                        "/\u00e4\u0000 \"",
                        "*",
                        "/..",
                        "/.%2e/.;/x",
                        "/%")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @MethodSource("paths")
    @FuzzTest
    void twiceIsAsGoodAsOnce(byte[] octets) {
        String path = new String(octets, StandardCharsets.ISO_8859_1);
        if (path.indexOf('\0') >= 0) {
            return; // no codec lets it through, and encoded it would be refused
        }
        for (EscapedSlashes escaped : EscapedSlashes.values()) {
            for (int bits = 0; bits < 8; bits++) {
                Paths options =
                        new Paths((bits & 1) != 0, (bits & 2) != 0, escaped, (bits & 4) != 0);
                check(options, octets, path);
            }
        }
    }

    private static void check(Paths options, byte[] octets, String path) {
        Outcome outcome = PathNormalization.apply(options, path);
        if (!PathNormalization.needed(options, octets, 0, octets.length)) {
            assertThat(outcome).isEqualTo(new Outcome.Path(path));
        }
        switch (outcome) {
            case Outcome.Rejected rejected ->
                    assertThat(rejected.path().length()).isLessThanOrEqualTo(3 * path.length());
            case Outcome.Redirected to -> checkResult(options, path, to.location());
            case Outcome.Path to -> checkResult(options, path, to.value());
        }
    }

    private static void checkResult(Paths options, String path, String result) {
        assertThat(result.length()).isLessThanOrEqualTo(3 * path.length() + 1);
        assertThat(result).doesNotContain("#");
        int mark = path.indexOf('?');
        int fragment = path.indexOf('#');
        String query =
                mark < 0 || fragment >= 0 && fragment < mark
                        ? ""
                        : path.substring(mark, fragment < 0 ? path.length() : fragment);
        assertThat(result).endsWith(query);
        String head = result.substring(0, result.length() - query.length());
        if (options.normalize()) {
            assertThat(head).startsWith("/").doesNotContain("\\");
            assertThat(head + "/").doesNotContain("/./", "/../");
        }
        if (options.mergeSlashes() && !head.equals("//")) {
            assertThat(head).doesNotContain("//");
        }
        if (options.escapedSlashes() != EscapedSlashes.KEEP_UNCHANGED
                && !head.contains(".;")
                && PathNormalization.apply(options, result) instanceof Outcome.Path again) {
            assertThat(again.value()).isEqualTo(result);
        }
        // As Envoy, parameters go from dots to the letter, not from those that were encoded.
        if (options.escapedSlashes() == EscapedSlashes.KEEP_UNCHANGED && !head.contains(".;")) {
            assertThat(PathNormalization.apply(options, result))
                    .isEqualTo(new Outcome.Path(result));
        }
    }
}
