package dev.attache.agent.onboard.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
    private static final String FORMS =
            """
            # a comment
            CA_ADDR='istiod-rev-1.istio-system.svc:15012'
            ISTIO_META_MESH_ID=''
            EMPTY=
              export INDENTED=one   # behind it
            export A B=2
            ISTIO_METAJSON_LABELS='{"app":"vm","it'\\''s":"x y"}'
            DOUBLE="a \\"b\\" \\\\ \\$HOME \\x $B"
            PLAIN=a\\ b#c$
            BRACES="${B}3${MISSING:-no}${MISSING}" NEXT=$GIVEN
            LINES='one
            two'
            JOINED=one\\
            two
            CR=x\r
            """;

    private static Map<String, String> read(String text) throws IOException {
        return EnvFile.parse("cluster.env", text, Map.of("GIVEN", "given"));
    }

    @Test
    void readsWhatAShellReads() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("CA_ADDR", "istiod-rev-1.istio-system.svc:15012");
        expected.put("ISTIO_META_MESH_ID", "");
        expected.put("EMPTY", "");
        expected.put("INDENTED", "one");
        expected.put("B", "2");
        expected.put("ISTIO_METAJSON_LABELS", "{\"app\":\"vm\",\"it's\":\"x y\"}");
        expected.put("DOUBLE", "a \"b\" \\ $HOME \\x 2");
        expected.put("PLAIN", "a b#c$");
        expected.put("BRACES", "23no");
        expected.put("NEXT", "given");
        expected.put("LINES", "one\ntwo");
        expected.put("JOINED", "onetwo");
        expected.put("CR", "x");
        assertThat(read(FORMS)).containsExactlyEntriesOf(expected);
    }

    @Test
    void aShellReadsTheSame(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("cluster.env");
        Files.writeString(file, FORMS.replace("\r", ""));
        Process shell =
                new ProcessBuilder("sh", "-c", "set -a; . \"$1\"; env -0", "sh", file.toString())
                        .redirectErrorStream(true)
                        .start();
        shell.getOutputStream().close();
        String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        Map<String, String> variables = new LinkedHashMap<>();
        for (String entry : printed.split("\0")) {
            variables.put(
                    entry.substring(0, entry.indexOf('=')),
                    entry.substring(entry.indexOf('=') + 1));
        }
        Map<String, String> read = EnvFile.parse("x", FORMS.replace("\r", ""), System.getenv());
        assertThat(variables).containsAllEntriesOf(read);
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        String value = "it's {\"a\": \"b\"}\n$HOME `x` \\";
        assertThat(read("V=" + EnvFile.quoted(value))).containsEntry("V", value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rm -rf x",
                "A=$(id)",
                "A=\"$(id)\"",
                "A=`id`",
                "A=\"`id`\"",
                "A=1; B=2",
                "A=1 | cat",
                "A=~/x",
                "A='open",
                "A=\"open",
                "A=${B/x/y}",
                "A=${B",
                "A=$'x'",
                "if true; then A=1; fi",
                "1A=x",
                "A=(1 2)",
                "A=x\\"
            })
    void whatNeedsAShellNamesTheLine(String line) {
        assertThatThrownBy(() -> read("OK=1\n\n" + line))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cluster.env, line 3, ")
                .hasMessageEndingWith(": " + line.strip());
    }
}
