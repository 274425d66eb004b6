package dev.attache.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM, by real signals to a real process. */
class DemoSignalIT {

    private static final long LIMIT_SECONDS = 120;

    @TempDir Path folder;

    @Test
    void endsWithZeroWhenItWasServing() throws IOException, InterruptedException {
        assertThat(endedBy("INT", "Serving until Ctrl-C.", "1")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void endsCleanlyInTheMiddleOfTheStory(String signal, int code)
            throws IOException, InterruptedException {
        assertThat(endedBy(signal, "== all traffic goes to v1", "1")).isEqualTo(code);
    }

    /** The exit code of a demonstration that gets a signal when it has printed a text. */
    private int endedBy(String signal, String text, String stepSeconds)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Process demo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Demo.class.getName(),
                                "--step-seconds",
                                stepSeconds)
                        .redirectErrorStream(true)
                        .redirectOutput(out.toFile())
                        .start();
        try {
            awaitText(demo, out, text);
            assertThat(
                            new ProcessBuilder("kill", "-" + signal, Long.toString(demo.pid()))
                                    .start()
                                    .waitFor())
                    .isZero();
            assertThat(demo.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            demo.destroyForcibly();
        }
        assertThat(Files.readString(out))
                .contains("ended cleanly")
                .contains("failed: 0")
                .doesNotContain("Exception", "\tat ");
        assertThat(demo.descendants()).isEmpty();
        return demo.exitValue();
    }

    private static void awaitText(Process demo, Path out, String text)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.readString(out).contains(text)) {
            assertThat(demo.isAlive()).as(Files.readString(out)).isTrue();
            assertThat(System.nanoTime() - deadline).as("waiting for " + text).isNegative();
            Thread.sleep(50);
        }
    }
}
