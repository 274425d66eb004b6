package dev.attache.iptables.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.FakeHost;
import dev.attache.iptables.apply.Programs;
import dev.attache.iptables.capture.BadInput;
import dev.attache.iptables.ebpf.Attachments;
import dev.attache.iptables.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallRecordTest {
    private static final String SAVED =
            """
            *nat
            :OUTPUT ACCEPT [0:0]
            :ISTIO_OUTPUT - [0:0]
            -A OUTPUT -j ISTIO_OUTPUT
            -A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
            COMMIT
            """;

    @TempDir Path directory;

    @Test
    void keepsArgumentsAsTheyWere() throws IOException {
        InstallRecord record =
                new InstallRecord(
                        "2026-01-02T03:04:05Z",
                        "user root",
                        "iptables",
                        List.of("-i", "*", "-x", "", "--weird=it's, = \u00e4"),
                        Map.of("ISTIO_INBOUND_PORTS", "*", "PROXY_UID", ""));
        Path file = directory.resolve("deep/er/1.properties");
        record.write(file);
        assertThat(InstallRecord.read(file)).isEqualTo(record);
        assertThat(record.commandLine()).contains("-i '*' -x ''").contains("it'\\''s");
        InstallRecord.delete(file);
        assertThat(InstallRecord.read(file)).isNull();
    }

    private int status(FakeHost host, ByteArrayOutputStream bytes, String... args) throws BadInput {
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Attachments none = new Attachments(directory.resolve("no-pins"), out);
        return new StatusCommand(host, InstallRecordTest::answer, none, out).run(List.of(args));
    }

    private static Programs.Answer answer(
            List<String> command, String input, Map<String, String> environment)
            throws IOException {
        if (command.getFirst().equals("iptables-nft-save")) {
            return new Programs.Answer(0, SAVED, "");
        }
        throw new IOException("no " + command.getFirst());
    }

    @Test
    void statusShowsTheRecordAndTheDrift() throws BadInput {
        FakeHost host =
                FakeHost.with(false, Map.of("ATTACHE_STATE_DIR", directory.toString()), List.of());
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        Clock clock = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
        new Recorder(host, clock, new Log(nowhere, nowhere, Log.Level.NONE, false))
                .installed("iptables", List.of("-u", "1337", "--reconcile"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(status(host, bytes)).isEqualTo(StatusCommand.EXIT_DRIFT);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("installed: iptables-nft: 1 chains, 1 rules")
                .contains("when:      2026-01-02T03:04:05Z")
                .contains("with:      -u 1337\n")
                .contains("missing:   nat ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001");
    }

    @Test
    void withoutARecordTheFlagsGivenCount() throws BadInput {
        FakeHost host =
                FakeHost.with(false, Map.of("ATTACHE_STATE_DIR", directory.toString()), List.of());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertThat(status(host, bytes)).isEqualTo(StatusCommand.EXIT_AS_ASKED);
        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .contains("another program installed it")
                .contains("give the flags to compare with");
        assertThat(status(host, bytes, "-u", "1337")).isEqualTo(StatusCommand.EXIT_DRIFT);
    }
}
