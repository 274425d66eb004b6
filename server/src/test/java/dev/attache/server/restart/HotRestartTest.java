package dev.attache.server.restart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.flags.CommandLine;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.restart.RestartMessage.Kind;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.Socket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both ends of a restart in one process. */
final class HotRestartTest {

    private static final AtomicInteger ROWS = new AtomicInteger();

    /** A name that no other process or test has. */
    private final String path =
            "@attache-test-" + ProcessHandle.current().pid() + "-" + ROWS.incrementAndGet();

    private final List<AutoCloseable> open = new ArrayList<>();
    private final Serving serving = new Serving();
    private EventLoopGroup loop;

    /** A process that serves. */
    private static final class Serving implements Succession {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        volatile @Nullable String refusal;
        volatile List<Integer> descriptors = List.of();

        @Override
        public @Nullable String refusal() {
            return refusal;
        }

        @Override
        public long firstEpochSeconds() {
            return 1234;
        }

        @Override
        public List<Integer> yieldAdmin(String address) {
            heard.add("admin " + address);
            return List.of();
        }

        @Override
        public List<Integer> listening(String address) {
            heard.add("listening " + address);
            return descriptors;
        }

        @Override
        public String stats() {
            return "n 5\nc 1 2 some.counter\n";
        }

        @Override
        public void drain(long childPid) {
            heard.add("drain " + childPid);
        }

        @Override
        public void terminate() {
            heard.add("terminate");
        }

        @Override
        public void lost(boolean served) {
            heard.add("lost " + served);
        }

        String next() throws InterruptedException {
            return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @BeforeEach
    void start() {
        assertTrue(Epoll.isAvailable());
        loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    private static ServerOptions options(String... arguments) {
        CommandLine.Result parsed = CommandLine.parse("attache", "1", arguments);
        return assertInstanceOf(CommandLine.Result.Run.class, parsed).options();
    }

    private HotRestart begin(String... more) throws RestartException {
        List<String> arguments = new ArrayList<>(List.of("--socket-path", path));
        arguments.addAll(List.of(more));
        HotRestart row = HotRestart.begin(options(arguments.toArray(String[]::new)));
        open.add(row);
        return row;
    }

    private HotRestart parent() throws RestartException {
        HotRestart row = begin("--base-id", "7");
        row.open(loop.next(), serving);
        return row;
    }

    private HotRestart child() throws RestartException {
        return begin("--base-id", "7", "--restart-epoch", "1");
    }

    private String refused(String... more) {
        return String.valueOf(assertThrows(RestartException.class, () -> begin(more)).getMessage());
    }

    @Test
    void socketsStatisticsAndTheEndAreHandedOver() throws Exception {
        parent();
        HotRestart child = child();
        assertTrue(child.hasParent());
        assertEquals(1234, child.firstEpochSeconds());
        Address address = IpAddress.parse("127.0.0.1", 80);
        assertEquals(List.of(), child.admin(address.toString()));
        assertEquals("admin 127.0.0.1:80", serving.next());

        StatsStore stats = new StatsStore();
        child.takeOver(stats);
        assertEquals("drain " + ProcessHandle.current().pid(), serving.next());
        assertEquals(3, stats.counter("some.counter").value());
        assertEquals(5, child.parentConnections());
        assertEquals(List.of(), child.listening(address), "it listens no more");

        child.terminateParent();
        assertEquals("terminate", serving.next());
        assertFalse(child.hasParent());
        assertEquals(0, child.parentConnections());
    }

    @Test
    void aConnectionThatWaitsInAQueueIsTheOthersThen() throws Exception {
        Socket listening = Socket.newSocketStream();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listening.listen(8);
        int port = listening.localAddress().getPort();
        serving.descriptors = List.of(listening.intValue());
        parent();
        try (java.net.Socket client = new java.net.Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            List<Integer> taken = child().listening(IpAddress.parse("127.0.0.1", port));
            assertEquals(1, taken.size());
            listening.close();
            Socket theirs = new Socket(taken.getFirst());
            int accepted = theirs.accept(new byte[128]);
            assertTrue(accepted > 0, "the queued connection is not there");
            new Socket(accepted).close();
            theirs.close();
        }
    }

    @Test
    void oneOfAnotherVersionIsRefusedInWords() throws Exception {
        parent();
        try (ParentLink link = ParentLink.connect(new RestartAddress(path, 7, 0))) {
            RestartException refused =
                    assertThrows(
                            RestartException.class,
                            () -> link.ask(Kind.HELLO, "2 1 77 more", Duration.ofSeconds(10)));
            assertEquals(
                    "hot restart version mismatch: this process (epoch 0) speaks version 1, the"
                            + " new one version 2; end this one first, with --shutdown-drain-s",
                    refused.getMessage());
        }
        try (ParentLink link = ParentLink.connect(new RestartAddress(path, 7, 0))) {
            RestartException refused =
                    assertThrows(
                            RestartException.class,
                            () -> link.ask(Kind.DRAIN, "", Duration.ofSeconds(10)));
            assertEquals("no conversation begins with DRAIN", refused.getMessage());
        }
        assertTrue(serving.heard.isEmpty());
    }

    @Test
    void oneThatIsNotTheNextIsRefused() throws Exception {
        parent();
        assertEquals(
                "this process is epoch 0: the next one is --restart-epoch 1, not 4",
                refused("--base-id", "7", "--restart-epoch", "4"));
    }

    @Test
    void oneAtATimeTakesOver() throws Exception {
        parent();
        HotRestart first = child();
        String pid = Long.toString(ProcessHandle.current().pid());
        assertEquals(
                "previous envoy process is still initializing (process "
                        + pid
                        + " is starting as epoch 1)",
                refused("--base-id", "7", "--restart-epoch", "1"));
        first.takeOver(new StatsStore());
        assertEquals(
                "process " + pid + " has taken over as epoch 1 already",
                refused("--base-id", "7", "--restart-epoch", "1"));
    }

    @Test
    void aParentThatStartsItselfIsNotTakenOverFrom() throws Exception {
        serving.refusal = "previous envoy process is still initializing";
        parent();
        assertEquals(
                "previous envoy process is still initializing",
                refused("--base-id", "7", "--restart-epoch", "1"));
    }

    @Test
    void aChildThatGoesBeforeItServesLeavesTheWayFree() throws Exception {
        parent();
        child().close();
        assertEquals("lost false", serving.next());
        HotRestart second = child();
        second.takeOver(new StatsStore());
        assertTrue(serving.next().startsWith("drain "));
        second.close();
        assertEquals("lost true", serving.next());
    }

    @Test
    void withoutItsParentAChildGoesOnAlone() throws Exception {
        HotRestart parent = parent();
        HotRestart child = child();
        parent.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        assertEquals(List.of(), child.listening(IpAddress.parse("127.0.0.1", 80)));
        assertFalse(child.hasParent());
        child.takeOver(new StatsStore());
        child.terminateParent();
    }

    @Test
    void whereNobodyWaitsOneMayStartAlone() throws Exception {
        HotRestart alone =
                begin("--base-id", "7", "--restart-epoch", "3", "--skip-hot-restart-on-no-parent");
        assertFalse(alone.hasParent());
        assertTrue(alone.enabled());
    }

    @Test
    void theParentsStatisticsMayBeLeft() throws Exception {
        parent();
        HotRestart child =
                begin("--base-id", "7", "--restart-epoch", "1", "--skip-hot-restart-parent-stats");
        StatsStore stats = new StatsStore();
        child.takeOver(stats);
        assertEquals(0, stats.counter("some.counter").value());
    }

    @Test
    void aNumberThatIsTakenIsRefusedWhereItWasSaid() throws Exception {
        parent();
        assertEquals(
                "unable to bind domain socket with base_id=70, id=0, errno=98 (see --base-id"
                        + " option)",
                refused("--base-id", "7"));
        assertTrue(begin().enabled());
        assertFalse(begin().enabled(), "the second without a number serves all the same");
    }

    @Test
    void aNumberIsFoundAndWritten(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("id");
        HotRestart row = begin("--use-dynamic-base-id", "--base-id-path", file.toString());
        assertTrue(row.baseId() > 0);
        assertEquals(Long.toString(row.baseId()), Files.readString(file));
    }

    @Test
    void aSocketMayBeAFileOfAMode(@TempDir Path directory) throws Exception {
        String prefix = directory.resolve("row").toString();
        HotRestart row =
                HotRestart.begin(
                        options("--socket-path", prefix, "--socket-mode", "640", "--base-id", "7"));
        open.add(row);
        row.open(loop.next(), serving);
        assertEquals(
                "rw-r-----",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(Path.of(prefix + "_attache_70"))));
        HotRestart next =
                HotRestart.begin(
                        options("--socket-path", prefix, "--base-id", "7", "--restart-epoch", "1"));
        open.add(next);
        assertTrue(next.hasParent());
    }

    @Test
    void itCanBeOff() throws Exception {
        HotRestart off = begin("--disable-hot-restart", "--base-id", "7");
        assertFalse(off.enabled());
        assertEquals("disabled", off.version());
        assertEquals("attache.1", parent().version());
    }
}
