package dev.attache.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HookMainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return HookMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wrongUsageIsToldInPilotAgentsWords() {
        assertThat(run("request")).isEqualTo(255);
        assertThat(said()).isEqualTo("Error: requires at least 2 arg(s), only received 0\n");
        assertThat(run("request", "--debug-port", "9999", "GET", "x")).isEqualTo(255);
        assertThat(said())
                .isEqualTo(
                        "Error: debug port 9999 is not in allowed list [15000 15004 15020 15021]\n");
        assertThat(run("wait", "--foo")).isEqualTo(255);
        assertThat(said()).isEqualTo("Error: unknown flag: --foo\n");
        assertThat(run("wait", "--timeoutSeconds=x")).isEqualTo(255);
        assertThat(said())
                .isEqualTo(
                        "Error: invalid argument \"x\" for \"--timeoutSeconds\" flag:"
                                + " strconv.ParseInt: parsing \"x\": invalid syntax\n");
    }

    @Test
    void waitingEndsWithTheLastError() {
        assertThat(run("wait", "--timeoutSeconds=0", "--url", "http://localhost:1/ready"))
                .isEqualTo(255);
        assertThat(said())
                .isEqualTo(
                        "Error: timeout waiting for Envoy proxy to become ready. Last error:"
                                + " <nil>\n");
        assertThat(
                        run(
                                "wait",
                                "--timeoutSeconds=1",
                                "--periodMillis=400",
                                "--url=http://127.0.0.1:1/x"))
                .isEqualTo(255);
        assertThat(said())
                .contains("Last error: Get \"http://127.0.0.1:1/x\": dial tcp 127.0.0.1:1:");
    }

    @Test
    void helpSaysFlagsAndExitCodes() {
        assertThat(run("wait", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--periodMillis", "Exit codes:");
    }
}
