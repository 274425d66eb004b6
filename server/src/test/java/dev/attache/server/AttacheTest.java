package dev.attache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.log.Logging;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttacheTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void logBack() throws Exception {
        Logging.setPath("");
    }

    private int run(String... arguments) {
        return Attache.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    @Test
    void printsAVersionOfFiveParts() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .matches(
                        "\nattache  version: [0-9a-f]{40}/1\\.\\d+\\.\\d+/(Clean|Modified)/RELEASE/BoringSSL\nAttache [0-9][^ ]*, which follows Envoy 1\\.\\d+\\.\\d+\n\n");
    }

    @Test
    void validatesAGoodFile(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("good.yaml"), "node: {id: a, cluster: b}\n");
        assertThat(run("--mode", "validate", "-c", file.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo("configuration '" + file + "' OK\n");
    }

    @Test
    void saysWhereABadFileIsBad(@TempDir Path dir) throws Exception {
        Path file =
                Files.writeString(
                        dir.resolve("bad.yaml"),
                        "static_resources:\n  clusters:\n  - name: c\n    connect_timeout: -1s\n");
        Path log = dir.resolve("log");
        int code = run("--mode", "validate", "-c", file.toString(), "--log-path", log.toString());
        Logging.flush();
        assertThat(code).isEqualTo(1);
        assertThat(out.size()).isZero();
        assertThat(Files.readString(log))
                .contains("[critical][main]")
                .contains("error initializing configuration '" + file + "': ")
                .contains(file + ":4:")
                .contains("static_resources.clusters[0].connect_timeout");
    }

    @Test
    void needsAConfiguration(@TempDir Path dir) throws Exception {
        Path log = dir.resolve("log");
        assertThat(run("--log-path", log.toString())).isEqualTo(1);
        Logging.flush();
        assertThat(Files.readString(log))
                .contains(
                        "error initializing configuration '': At least one of --config-path or"
                                + " --config-yaml or Options::configProto() should be non-empty");
    }
}
