package dev.attache.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.console.command.ExitCode;
import dev.attache.console.command.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConsoleTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void whichCommandsThereAreIsSaid() {
        assertThat(run("--help")).isEqualTo(ExitCode.DONE);
        assertThat(text(out)).startsWith("Commands that ask a running proxy");
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("nothing")).isEqualTo(ExitCode.USAGE);
        assertThat(text(err)).contains("there is no command \"nothing\"");
    }

    private int run(String... arguments) {
        Invocation invocation = new Invocation(stream(out), stream(err), Map.of());
        return Console.run(List.of(arguments), invocation);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
