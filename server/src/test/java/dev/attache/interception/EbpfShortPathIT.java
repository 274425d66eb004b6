package dev.attache.interception;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes between an application and the real proxy, which go from socket to socket: many of them,
 * half-closed connections, readers that do not read, and a proxy that dies and comes back.
 */
class EbpfShortPathIT {
    private static final String ADDRESS =
            """
                address: { socket_address: { address: "::", port_value: PORT, ipv4_compat: true } }
            """
                    .stripTrailing();
    private static final long HUNDRED_MEGABYTES = 100_000_000;

    @TempDir Path directory;

    private Pod pod;
    private Player application;
    private Player world;
    private Sidecar sidecar;

    @BeforeEach
    void start() throws IOException {
        String obstacle = Space.obstacle();
        assumeTrue(obstacle.isEmpty(), "skipped: " + obstacle);
        pod = Pod.make(directory);
        application = pod.application();
        world = pod.world();
        sidecar = Sidecar.start(pod, application, Way.EBPF, ADDRESS);
        Way.EBPF.install(pod.space(), "1337");
    }

    @AfterEach
    void stop() throws IOException {
        if (pod != null) {
            Way.EBPF.remove(pod.space());
            pod.close();
        }
    }

    @Test
    void aHundredMegabytesArriveAsTheyWereSentAndNotByTheLoopback() throws IOException {
        world.say("echo :: 8080");
        long before = loopbackBytes();
        assertThat(application.say("bulk 10.21.0.1 8080 " + HUNDRED_MEGABYTES))
                .isEqualTo("same " + HUNDRED_MEGABYTES);
        long skipped = stat("shortcut_bytes");
        long loopback = loopbackBytes() - before;
        assertThat(skipped).as("both ways, some by TCP while a reader was slow").isPositive();
        assertThat(loopback)
                .as("what did not skip the stack, with headers and acknowledgements")
                .isLessThan((2 * HUNDRED_MEGABYTES - skipped) * 2 + 10_000_000);
        assertThat(application.say("bulk fd21::1 8080 20000000")).isEqualTo("same 20000000");
    }

    /** Small messages never wait for a reader: none of them touches the loopback. */
    @Test
    void anExchangeOfMessagesLeavesTheLoopbackAlone() throws IOException {
        world.say("echo :: 8080");
        assertThat(application.say("bulk 10.21.0.1 8080 1000")).isEqualTo("same 1000");
        long before = loopbackBytes();
        for (int i = 0; i < 50; i++) {
            assertThat(application.say("bulk 10.21.0.1 8080 4000")).isEqualTo("same 4000");
        }
        assertThat(loopbackBytes() - before)
                .as("fifty handshakes and goodbyes, but not 400000 bytes")
                .isLessThan(100_000);
    }

    @Test
    void anEndedHalfEndsThatHalfOnly() throws IOException {
        world.say("serve :: 8081 upstream");
        for (int i = 0; i < 20; i++) {
            assertThat(application.say("get 10.21.0.1 8081")).startsWith("[upstream at");
        }
    }

    @Test
    void aReaderThatDoesNotReadStopsTheWriterAndLosesNothing() throws IOException {
        world.say("sink :: 8082");
        String written = application.say("flood 10.21.0.1 8082");
        long bytes = Long.parseLong(written.substring("written ".length()));
        assertThat(bytes).isLessThan(100_000_000);
        assertThat(world.say("drink")).isEqualTo("read " + bytes);
    }

    @Test
    void theProxyDiesAndComesBack() throws IOException {
        world.say("echo :: 8080");
        assertThat(application.say("hold 10.21.0.1 8080")).isEqualTo("open");
        sidecar.kill();
        assertThat(application.say("held")).isEqualTo("ended");
        assertThat(application.say("get 10.21.0.1 8080")).startsWith("failed");
        sidecar = Sidecar.start(pod, application, Way.EBPF, ADDRESS);
        assertThat(application.say("bulk 10.21.0.1 8080 1000000")).isEqualTo("same 1000000");
        assertThat(world.say("get 10.21.0.2 15000")).doesNotContain("live");
    }

    private long stat(String name) throws IOException {
        String cgroup = pod.space().cgroup().toString();
        Space.Outcome outcome =
                pod.space().intercept(List.of("intercept", "ebpf", "stats", "--cgroup", cgroup));
        assertThat(outcome.code()).as(outcome.text()).isZero();
        return outcome.text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private long loopbackBytes() throws IOException {
        String line =
                pod.space()
                        .inNamespace("cat /proc/net/dev")
                        .text()
                        .lines()
                        .map(String::strip)
                        .filter(each -> each.startsWith("lo:"))
                        .findFirst()
                        .orElseThrow();
        return Long.parseLong(line.split("[:\\s]+")[1]);
    }
}
