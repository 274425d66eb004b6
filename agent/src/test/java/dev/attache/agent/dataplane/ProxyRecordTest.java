package dev.attache.agent.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyRecordTest {

    @TempDir Path directory;

    private final Process proxy;
    private Path file = Path.of("");

    ProxyRecordTest() throws IOException {
        proxy = new ProcessBuilder("sleep", "600").start();
    }

    @BeforeEach
    void where() {
        file = directory.resolve("proxy-process");
    }

    @AfterEach
    void end() {
        proxy.destroyForcibly();
    }

    /** The record of an agent that is gone: one of the same number that began at another time. */
    private void killAgent() throws IOException {
        List<String> lines = Files.readAllLines(file);
        Files.write(file, List.of(lines.get(0), lines.get(1).replace(" ", " 1")));
    }

    private boolean ended() throws InterruptedException {
        new ProxyRecord(file).endOrphan();
        return proxy.waitFor(200, TimeUnit.MILLISECONDS);
    }

    @Test
    void theProxyOfAnAgentThatIsGoneIsEnded() throws Exception {
        new ProxyRecord(file).keep(proxy.pid());
        assertThat(ended()).as("while its agent lives").isFalse();
        killAgent();
        assertThat(ended()).isTrue();
        assertThat(ended()).as("nothing to do").isTrue();
    }

    @Test
    void anotherProcessOfItsNumberIsLeftAlone() throws Exception {
        new ProxyRecord(file).keep(proxy.pid());
        killAgent();
        Files.writeString(file, Files.readString(file).replaceFirst(" ", " 1"));
        assertThat(ended()).isFalse();
    }

    @Test
    void aRecordThatIsHalfWrittenOrNoneIsNotRead() throws Exception {
        new ProxyRecord(file).keep(proxy.pid());
        killAgent();
        String whole = Files.readString(file);
        for (String half : List.of("", whole.lines().findFirst().orElse(""), "x y\nz", "\u0000")) {
            Files.writeString(file, half);
            assertThat(ended()).as(half).isFalse();
        }
        Files.delete(file);
        assertThat(ended()).isFalse();
        new ProxyRecord(file).forget();
    }
}
