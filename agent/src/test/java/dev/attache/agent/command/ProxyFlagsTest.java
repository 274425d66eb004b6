package dev.attache.agent.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyFlagsTest {

    @TempDir Path directory;

    @Test
    void whatIsNotKnownHasNoEffect() throws Exception {
        ProxyFlags flags =
                ProxyFlags.parse(
                        "router",
                        "--unknown",
                        "value",
                        "--other=1",
                        "--domain",
                        "a.b",
                        "--profiling=false",
                        "--log_output_level=all:warn,debug,xds:none,all:error",
                        "--data-address=eth1, 10.0.0.1");

        assertThat(flags.type()).isEqualTo("router");
        assertThat(flags.domain()).isEqualTo("a.b");
        assertThat(flags.profiling()).isFalse();
        assertThat(flags.log().levels())
                .containsExactly(
                        entry("default", "debug"), entry("xds", "none"), entry("all", "error"));
        assertThat(flags.log().targets()).containsExactly("stdout");
        assertThat(flags.network().data()).containsExactly("eth1", "10.0.0.1");
        assertThat(ProxyFlags.parse().proxyLogLevel()).isEqualTo("warning");
    }

    @Test
    void whatDoesNotFitIsSaidAsPilotAgentSaysIt() {
        refused("invalid proxy Type: nonsense", "nonsense");
        refused("flag needs an argument: --domain", "--domain");
        refused("invalid output level 'warning'", "--log_output_level=default:warning");
        refused("invalid output level format 'a:b:c'", "--log_output_level=info,a:b:c");
        refused(
                "invalid argument \"x\" for \"--concurrency\" flag: strconv.ParseInt: parsing \"x\":"
                        + " invalid syntax",
                "--concurrency",
                "x");
        assertThatThrownBy(() -> ProxyFlags.parse("sidecar", "-h"))
                .isInstanceOf(ProxyFlags.HelpWanted.class);
    }

    @Test
    void flagsBeforeTheCommandAreItsOwn() {
        assertThat(RootFlags.behindCommand("--log_target", "f", "--log_as_json", "proxy", "x"))
                .containsExactly("proxy", "--log_target", "f", "--log_as_json", "x");
        assertThat(RootFlags.behindCommand("--unknown")).isEmpty();
    }

    @Test
    void aFileIsLaidOverTheBootstrap() throws Exception {
        Files.writeString(directory.resolve("o.yaml"), "a: '$(HOST_IP):1'\nb: '[$(HOST_IP)]:2'\n");
        ProxyConfig config =
                ProxyConfig.of(
                        Map.of(
                                "drainDuration",
                                "90s",
                                "concurrency",
                                2L,
                                "fileFlushInterval",
                                "2s"));

        List<String> all =
                arguments(
                                Map.of(
                                        "ISTIO_BOOTSTRAP_OVERRIDE", "o.yaml",
                                        "HOST_IP", "fd00::1",
                                        "ENVOY_SKIP_DEPRECATED_LOGS", "false"))
                        .list(
                                Path.of("b.json"),
                                config,
                                ProxyFlags.parse("--proxyLogLevel", "info,misc:error,a:b:c"),
                                true);

        assertThat(String.join(" ", all))
                .isEqualTo(
                        "-c b.json --drain-time-s 90 --drain-strategy immediate"
                                + " --local-address-ip-version v6 --file-flush-interval-msec 2000"
                                + " --disable-hot-restart --allow-unknown-static-fields -l info"
                                + " --component-log-level misc:error --config-yaml"
                                + " {\"a\":\"[fd00::1]:1\",\"b\":\"[fd00::1]:2\"} --concurrency 2");
    }

    private EnvoyArguments arguments(Map<String, String> variables) throws IOException {
        return new EnvoyArguments(new Environment(variables), new AgentFiles(directory));
    }

    private static void refused(String message, String... arguments) {
        assertThatThrownBy(() -> ProxyFlags.parse(arguments))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
