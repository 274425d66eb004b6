package dev.attache.iptables.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterceptHelpTest {

    /** A healthy machine would else be compared with no flags at all. */
    @ParameterizedTest
    @ValueSource(strings = {"--help", "status --help", "status -h", "explain --help", "cleanup -h"})
    void helpIsNoFlagOfTheRules(String words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        int code = InterceptCommand.run(List.of(words.split(" ", -1)), printed, printed);
        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("usage: attache intercept");
    }
}
