package dev.attache.server.supervision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor reads at its socket, and that nobody is told where there is none. */
final class SupervisorTest {

    @TempDir Path directory;

    /** The supervisor's end. */
    private static final class Heard implements AutoCloseable {
        private final Socket socket;

        Heard(String path) throws IOException {
            // Loads the native code that the socket is made by.
            assertTrue(io.netty.channel.epoll.Epoll.isAvailable());
            socket = Socket.newSocketDomainDgram();
            socket.bind(new DomainSocketAddress(path));
        }

        String next() throws IOException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(512);
            int read = 0;
            for (long end = System.nanoTime() + 10_000_000_000L; read <= 0; ) {
                assertTrue(System.nanoTime() < end, "nothing is heard");
                read = socket.recv(buffer, 0, buffer.capacity());
                Thread.onSpinWait();
            }
            byte[] bytes = new byte[read];
            buffer.get(0, bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void whatIsToldIsReadAsSystemdReadsIt() throws Exception {
        String path = directory.resolve("notify").toString();
        try (Heard heard = new Heard(path)) {
            Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path));
            assertTrue(supervisor.listens());
            supervisor.ready();
            assertEquals("READY=1\nSTATUS=serving\n", heard.next());
            supervisor.reloading();
            assertTrue(heard.next().matches("RELOADING=1\nMONOTONIC_USEC=\\d+\nSTATUS=[^\n]+\n"));
            supervisor.status("two\nlines");
            assertEquals("STATUS=two lines\n", heard.next());
            supervisor.stopping();
            assertTrue(heard.next().startsWith("STOPPING=1\n"));
        }
    }

    @Test
    void oneThatIsReplacedSaysNoMore() throws Exception {
        String path = directory.resolve("notify").toString();
        try (Heard heard = new Heard(path)) {
            Supervisor supervisor = Supervisor.of(Map.of("NOTIFY_SOCKET", path));
            supervisor.replacedBy(77);
            assertEquals("MAINPID=77\n", heard.next());
            supervisor.stopping();
            Supervisor.of(Map.of("NOTIFY_SOCKET", path)).status("the next");
            assertEquals("STATUS=the next\n", heard.next());
            supervisor.takesBack(76);
            assertTrue(heard.next().startsWith("MAINPID=76\n"));
            supervisor.stopping();
            assertTrue(heard.next().startsWith("STOPPING=1\n"));
        }
    }

    @Test
    void anAbstractNameIsReached() throws Exception {
        String name = "attache-supervisor-test-" + ProcessHandle.current().pid();
        try (Heard heard = new Heard("\0" + name)) {
            Supervisor.of(Map.of("NOTIFY_SOCKET", "@" + name)).ready();
            assertTrue(heard.next().startsWith("READY=1\n"));
        }
    }

    @Test
    void theWatchdogHearsAsLongAsAllTurn() throws Exception {
        String path = directory.resolve("notify").toString();
        AtomicBoolean turns = new AtomicBoolean();
        try (Heard heard = new Heard(path);
                ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor()) {
            Supervisor supervisor =
                    Supervisor.of(Map.of("NOTIFY_SOCKET", path, "WATCHDOG_USEC", "10000"));
            supervisor.watch(loop, turns::get);
            supervisor.ready();
            assertTrue(heard.next().startsWith("READY=1\n"), "nothing turns, nothing is said");
            turns.set(true);
            assertEquals("WATCHDOG=1\n", heard.next());
            assertEquals("WATCHDOG=1\n", heard.next());
        }
    }

    @Test
    void withoutOneNothingIsTold() {
        Supervisor none = Supervisor.of(Map.of());
        assertFalse(none.listens());
        none.ready();
        Supervisor gone = Supervisor.of(Map.of("NOTIFY_SOCKET", "/nowhere/at/all"));
        assertTrue(gone.listens());
        gone.ready();
        assertNotNull(gone);
    }
}
