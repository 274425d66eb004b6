package dev.attache.server.admin.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebFilesTest {

    private static final Pattern ELSEWHERE = Pattern.compile("[\"'(](https?:)?//[^\"' )]*");
    private static final Pattern NAMED =
            Pattern.compile("(?:from '\\./|src=\"|href=\")([a-z]+\\.[a-z]+)['\"]");

    private static Path folder() throws URISyntaxException {
        return Path.of(
                        Objects.requireNonNull(WebFilesTest.class.getResource("/web/index.html"))
                                .toURI())
                .resolveSibling("");
    }

    static List<Path> files() throws IOException, URISyntaxException {
        try (Stream<Path> all = Files.list(folder())) {
            return all.sorted().toList();
        }
    }

    private static String content(String name) {
        byte[] bytes = Objects.requireNonNull(WebFiles.read(name), name).body().next();
        return new String(Objects.requireNonNull(bytes, name), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachFileIsServedAsItIs(Path file) throws IOException {
        assertThat(content(file.getFileName().toString())).isEqualTo(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatAFileNamesIsThere(Path file) throws IOException {
        Matcher named = NAMED.matcher(Files.readString(file));
        while (named.find()) {
            assertThat(WebFiles.has(named.group(1))).as(named.group(1)).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void nothingIsFetchedFromElsewhere(Path file) throws IOException {
        // A name of XML, and the example in the form: nobody has the domain "example" (RFC 2606).
        String content =
                Files.readString(file)
                        .replace("http://www.w3.org/2000/svg", "")
                        .replace("'http://shop.example/", "'");
        assertThat(ELSEWHERE.matcher(content).results().map(found -> found.group())).isEmpty();
    }

    /** What a configuration names enters as text, and no script stands in the page itself. */
    @ParameterizedTest
    @MethodSource("files")
    void nothingIsMadeMarkup(Path file) throws IOException {
        assertThat(Files.readString(file))
                .doesNotContain(
                        "innerHTML",
                        "outerHTML",
                        "insertAdjacentHTML",
                        "document.write",
                        "eval(",
                        "new Function",
                        "<style",
                        " style=",
                        "localStorage",
                        "sessionStorage",
                        "document.cookie");
    }

    @Test
    void noOtherFileIsThere() {
        for (String name : List.of("", "../web/index.html", "..", "nothing.js", "./page.js")) {
            assertThat(WebFiles.read(name)).as(name).isNull();
        }
    }
}
