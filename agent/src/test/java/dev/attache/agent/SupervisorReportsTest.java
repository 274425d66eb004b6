package dev.attache.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.server.supervision.Supervisor;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd hears of an agent whose proxy is elsewhere. */
final class SupervisorReportsTest {
    private static final Duration OFTEN = Duration.ofMillis(1);

    @TempDir Path directory;
    private Socket socket;

    @BeforeEach
    void listen() throws IOException {
        assertThat(Epoll.isAvailable()).isTrue();
        socket = Socket.newSocketDomainDgram();
        socket.bind(new DomainSocketAddress(directory.resolve("notify").toString()));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
    }

    private Supervisor supervisor() {
        return Supervisor.of(
                Map.of(
                        "NOTIFY_SOCKET",
                        directory.resolve("notify").toString(),
                        "WATCHDOG_USEC",
                        "100000"));
    }

    private String heard() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(512);
        int read = 0;
        for (long end = System.nanoTime() + 10_000_000_000L; read <= 0; Thread.onSpinWait()) {
            assertThat(System.nanoTime()).as("nothing is heard").isLessThan(end);
            read = socket.recv(buffer, 0, buffer.capacity());
        }
        byte[] bytes = new byte[read];
        buffer.get(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void readyIsToldOnceItIsSoAndThenThatItTurns() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SupervisorReports reports =
                SupervisorReports.start(supervisor(), () -> asked.incrementAndGet() == 3, OFTEN)) {
            assertThat(reports).isNotNull();
            assertThat(heard()).startsWith("READY=1\n");
            assertThat(asked).hasValue(3);
            assertThat(heard()).isEqualTo("WATCHDOG=1\n");
            assertThat(heard()).isEqualTo("WATCHDOG=1\n");
        }
        String last = heard();
        while (last.startsWith("WATCHDOG")) {
            last = heard();
        }
        assertThat(last).startsWith("STOPPING=1\n");
        assertThat(asked).hasValue(3);
    }

    @Test
    void whatFailsIsAskedAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SupervisorReports reports =
                SupervisorReports.start(
                        supervisor(),
                        () -> {
                            if (asked.incrementAndGet() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                            return true;
                        },
                        OFTEN)) {
            assertThat(reports).isNotNull();
            assertThat(heard()).startsWith("READY=1\n");
        }
    }

    @Test
    void nobodyIsAskedWhereNobodyListens() {
        AtomicInteger asked = new AtomicInteger();
        SupervisorReports.start(Supervisor.none(), () -> asked.incrementAndGet() > 0, OFTEN)
                .close();
        assertThat(asked).hasValue(0);
    }
}
