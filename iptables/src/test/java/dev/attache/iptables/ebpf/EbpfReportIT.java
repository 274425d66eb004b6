package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.command.InterceptCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What status, stats and explain tell of an attachment; and that what explain says is what the
 * kernel then does.
 */
class EbpfReportIT {
    private static final Path STATS = Path.of("/proc/sys/kernel/bpf_stats_enabled");

    private static Lab lab;
    private static Lab.Player app;
    private static Lab.Player proxy;
    private static Lab.Player world;

    @BeforeAll
    static void build() throws IOException {
        if (!Lab.obstacle().isEmpty()) {
            return;
        }
        lab = Lab.build();
        app = lab.inPod("app", 1000);
        proxy = lab.inPod("app", 1337);
        world = lab.inWorld();
        proxy.say("proxy inet6 15001");
        proxy.say("proxy inet6 15006");
        app.say("serve inet6 8080");
        app.say("serve inet6 9999");
        world.say("serve inet6 80");
        world.say("serve inet6 8443");
        String flags =
                "-i * -x 198.51.100.0/24,2001:db8:9::/48 -o 8443 -b * -d 9999 -u 1337 -c eth1 --dual-stack";
        assertThat(run("attach", flags.split(" ")).code()).isZero();
    }

    @AfterAll
    static void tearDown() throws IOException {
        if (lab != null) {
            run("detach");
            lab.close();
        }
    }

    @BeforeEach
    void skipWhereThereIsNoLab() {
        Assumptions.assumeTrue(lab != null, "eBPF reports: " + Lab.obstacle());
    }

    private static Lab.Outcome run(String action, String... flags) {
        String[] all = new String[flags.length + 3];
        all[0] = action;
        all[1] = "--cgroup";
        all[2] = lab.cgroup("app").toString();
        System.arraycopy(flags, 0, all, 3, flags.length);
        return lab.ebpf(Map.of(), all);
    }

    /** Runs {@code attache intercept}, whose attachments are all those of this host. */
    private static String intercept(String... words) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int code = InterceptCommand.run(List.of(words), out, out);
        return "exit " + code + "\n" + text.toString(StandardCharsets.UTF_8);
    }

    /** Only what is said of this test's own attachment. */
    private static String ofOurs(String report) {
        int start = report.indexOf(lab.cgroup("app").toString());
        assertThat(start).as(report).isPositive();
        String rest = report.substring(start);
        int end = rest.indexOf("\nrules: ");
        return end < 0 ? rest : rest.substring(0, end);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "app 203.0.113.10 80, captured: goes to local port 15001, proxy",
        "app 2001:db8::10 80, captured: goes to local port 15001, proxy",
        "app 203.0.113.10 8443, not captured: it goes straight, server",
        "app 198.51.100.53 80, not captured: it goes straight, server",
        "app 10.78.0.1 80, not captured: it goes straight, server",
        "app 10.77.0.2 8080, not captured: the application at, server",
        "proxy 203.0.113.10 80, not captured: it goes straight, server",
        "proxy 10.77.0.2 8080, captured: goes to local port 15006, proxy",
        "proxy 10.77.0.2 15001, refused with EPERM, failed",
        "10.77.0.1 10.77.0.2 8080, captured: the proxy's listener at port 15006, proxy",
        "10.77.0.1 10.77.0.2 9999, not captured: the application at, server",
    })
    void explainSaysWhatTheKernelDoes(String question, String verdict, String by)
            throws IOException {
        String[] words = ("explain " + question).split(" ");
        assertThat(ofOurs(explainInPod(words))).contains("=> " + verdict);
        String[] parts = question.split(" ");
        Lab.Player sender =
                switch (parts[0]) {
                    case "app" -> app;
                    case "proxy" -> proxy;
                    default -> world;
                };
        assertThat(sender.say("connect inet6 " + parts[1] + " " + parts[2])).startsWith(by);
    }

    /** Whether an address is this host's is a question of the namespace. */
    private static String explainInPod(String[] words) throws IOException {
        return dev.attache.iptables.kernel.NetworkNamespace.in(
                lab.namespace(), () -> intercept(words));
    }

    @Test
    void explainNamesEveryQuestionOnTheWay() throws IOException {
        assertThat(ofOurs(explainInPod("explain app 203.0.113.10 80".split(" "))))
                .contains("connect4: leaves by one of [eth1]   -- no")
                .contains("connect4: excluded ports [8443]   -- no")
                .contains("connect4: opened by a user of [1337]   -- no")
                .contains("connect4: to an address of this host (map local)   -- no")
                .contains("connect4: every destination is included   -- YES");
    }

    @Test
    void statusOfEverythingShowsTheAttachment() {
        assertThat(intercept("status"))
                .contains("installed: ebpf: ")
                .contains("attached to " + lab.cgroup("app"))
                .contains("by ")
                .contains("pinned in ")
                .contains("--istio-local-outbound-ports-exclude=8443")
                .contains("connect4 is program ");
    }

    @Test
    void statsCountWhatTheKernelRan() throws IOException {
        String before = Files.readString(STATS);
        Files.writeString(STATS, "1");
        try {
            long runs = stat("program.connect4.runs");
            long captured = stat("outbound");
            assertThat(app.say("connect inet 203.0.113.10 80")).startsWith("proxy");
            assertThat(stat("program.connect4.runs")).isGreaterThan(runs);
            assertThat(stat("outbound")).isEqualTo(captured + 1);
            assertThat(stat("program.connect4.nanoseconds")).isPositive();
        } finally {
            Files.writeString(STATS, before);
        }
    }

    private static long stat(String name) {
        Lab.Outcome outcome = run("stats");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
