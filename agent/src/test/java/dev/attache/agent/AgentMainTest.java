package dev.attache.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AgentMainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void withoutACommandItSaysWhatThereIs() {
        assertThat(run()).isZero();
        assertThat(run("--log_as_json")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("proxy", "wait", "request", "version", "istio-iptables", "onboard");
    }

    @Test
    void flagsMayStandBeforeTheCommand() {
        assertThat(run("--log_as_json", "istio-iptables", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Drop-in for istio-iptables");
    }

    @Test
    void whatIsNoCommandFailsAsWithIstiosAgent() {
        assertThat(run("nothing")).isEqualTo(255);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .startsWith("Error: unknown command \"nothing\" for \"pilot-agent\"");
    }

    @Test
    void aCommandsOwnHelpIsAskedForInEitherWay() {
        assertThat(run("help", "proxy")).isZero();
        String asked = out.toString(StandardCharsets.UTF_8);
        out.reset();
        assertThat(run("proxy", "--help")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(asked).contains("--meshConfig");
    }

    private int run(String... arguments) {
        return AgentMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }
}
