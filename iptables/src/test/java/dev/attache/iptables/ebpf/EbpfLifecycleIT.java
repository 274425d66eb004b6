package dev.attache.iptables.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.ebpf.program.Counter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Attaching, attaching again, drifting, restarting, detaching. */
class EbpfLifecycleIT {
    private static final String OUT = "connect inet 203.0.113.10 80";

    private Lab lab;
    private Lab.Player app;
    private Lab.Player world;

    @BeforeEach
    void build() throws IOException {
        Assumptions.assumeTrue(Lab.obstacle().isEmpty(), "eBPF lifecycle: " + Lab.obstacle());
        lab = Lab.build();
    }

    @AfterEach
    void tearDown() throws IOException {
        if (lab != null) {
            run("detach");
            lab.close();
        }
    }

    private Lab.Player startAll() throws IOException {
        app = lab.inPod("app", 1000);
        world = lab.inWorld();
        app.say("serve inet6 8080");
        world.say("serve inet6 80");
        return startProxy();
    }

    private Lab.Player startProxy() throws IOException {
        Lab.Player proxy = lab.inPod("app", 1337);
        proxy.say("proxy inet6 15001");
        proxy.say("proxy inet6 15006");
        proxy.say("relay inet6 15101");
        return proxy;
    }

    private Lab.Outcome run(String action, String... flags) {
        List<String> all = new ArrayList<>(List.of(action, "--cgroup", cgroup().toString()));
        all.addAll(List.of(flags));
        return lab.ebpf(Map.of(), all.toArray(String[]::new));
    }

    private Path cgroup() {
        return lab.cgroup("app");
    }

    private Path pins() {
        return EbpfCommand.PINS.resolve(cgroup().getParent().getFileName() + "-app");
    }

    private String attach(String... flags) {
        Lab.Outcome outcome = run("attach", flags);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome.out();
    }

    @Test
    void aSecondAttachChangesNothingAndStatusSaysWhatIsThere() throws IOException {
        attach("-i", "*", "-b", "*", "--capture-all-dns");
        Lab.Outcome before = run("status");
        assertThat(before.code()).as(before.out()).isZero();
        assertThat(before.out())
                .contains("attached to " + cgroup(), "by root", "--istio-service-cidr=*")
                .contains("connect4 is program", "sk_lookup is program", "sendmsg6 is program");
        assertThat(attach("-i", "*", "-b", "*", "--capture-all-dns")).contains("nothing changed");
        assertThat(run("status").out()).isEqualTo(before.out());
    }

    @Test
    void otherFlagsReplaceProgramsInPlace() throws IOException {
        startAll();
        attach("-i", "*", "--capture-all-dns");
        assertThat(app.say(OUT)).startsWith("proxy");
        assertThat(run("status", "-i", "10.0.0.0/8").out()).contains("drift: connect4 is not");
        assertThat(attach("-i", "10.0.0.0/8"))
                .contains("replaced the program of connect4", "detached sendmsg4")
                .doesNotContain("attached connect4");
        assertThat(app.say(OUT)).startsWith("server");
        assertThat(run("status").code()).isZero();
    }

    @Test
    void detachLeavesNothingAndMayBeRepeated() throws IOException {
        startAll();
        attach("-i", "*", "-b", "*", "--dual-stack");
        assertThat(run("detach").out()).contains("is gone");
        assertThat(app.say(OUT)).startsWith("server");
        assertThat(world.say("connect inet 10.77.0.2 8080")).startsWith("server");
        assertThat(pins()).doesNotExist();
        assertThat(run("detach").out()).contains("nothing at");
        assertThat(run("status").code()).isEqualTo(1);
    }

    @Test
    void aRestartOfTheProxyNeedsNoNewAttach() throws IOException {
        Lab.Player proxy = startAll();
        attach("-i", "*", "-b", "*");
        assertThat(world.say("connect inet 10.77.0.2 8080")).startsWith("proxy");
        proxy.stop();
        assertThat(world.say("connect inet 10.77.0.2 8080")).startsWith("failed ConnectException");
        assertThat(app.say(OUT)).startsWith("failed ConnectException");
        startProxy();
        assertThat(world.say("connect inet 10.77.0.2 8080"))
                .startsWith("proxy original 10.77.0.2:8080");
        assertThat(app.say(OUT)).startsWith("proxy original 203.0.113.10:80");
    }

    @Test
    void aProxyInACgroupOfItsOwnIsRecognisedWhateverItsUser() throws IOException {
        startAll().stop();
        Lab.Player proxy = lab.inPod("proxy", 4000);
        proxy.say("proxy inet6 15001");
        proxy.say("relay inet6 15101");
        String[] vm = {"-i", "*", "--proxy-cgroup", lab.cgroup("proxy").toString()};
        attach(vm);
        assertThat(app.say(OUT)).startsWith("proxy original 203.0.113.10:80");
        assertThat(proxy.say(OUT)).startsWith("server");
        assertThat(proxy.say("connect inet 127.0.0.1 15001")).startsWith("failed");
        attach("-i", "*", "-p", "15101", vm[2], vm[3]);
        assertThat(app.say("pingpong 203.0.113.10 80 500 2000")).isEqualTo("echoed 500");
        assertThat(run("status", vm[2], vm[3]).out())
                .containsPattern(" (199\\d{4}|20000\\d\\d) " + Counter.SHORTCUT_BYTES.meaning());
    }

    @Test
    void aNewAddressIsDriftUntilTheNextAttach() throws IOException {
        startAll();
        attach("-i", "*");
        Lab.run("ip -n " + lab.namespace().getFileName() + " addr add 10.79.0.9/32 dev eth1");
        Lab.Outcome drifted = run("status");
        assertThat(drifted.code()).isEqualTo(1);
        assertThat(drifted.out()).contains("drift: local 10.79.0.9/32 is new");
        assertThat(attach("-i", "*")).contains("noted local 10.79.0.9/32");
        assertThat(run("status").code()).isZero();
        assertThat(app.say("connect inet 10.79.0.9 8080")).startsWith("server");
    }

    @Test
    void aCgroupThatWasMadeAnewIsAttachedAnew() throws IOException {
        attach("-i", "*");
        Files.delete(cgroup());
        Files.createDirectory(cgroup());
        assertThat(run("status").out()).contains("drift: connect4 is not on " + cgroup());
        assertThat(attach("-i", "*")).contains("attached connect4");
        startAll();
        assertThat(app.say(OUT)).startsWith("proxy");
    }

    @Test
    void whatACgroupLeavesBehindCanBeDetached() throws IOException {
        attach("-i", "*");
        Files.delete(cgroup());
        assertThat(run("detach").out()).contains("is gone");
        assertThat(pins()).doesNotExist();
        Files.createDirectory(cgroup());
    }

    @Test
    void aUnitIsAttachedByItsNameAndDetachedWhenItIsGone() throws IOException {
        Path unit = Files.createDirectories(lab.cgroup("other").resolve("at-shop.service"));
        Lab.Outcome outcome = lab.ebpf(Map.of(), "attach", "--unit", "at-shop", "-i", "*");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("attached connect4 to " + unit);
        Files.delete(unit);
        assertThat(lab.ebpf(Map.of(), "detach", "--unit", "at-shop").out()).contains("is gone");
        assertThat(lab.ebpf(Map.of(), "detach", "--unit", "at-shop").out()).contains("nothing at");
    }

    @Test
    void openConnectionsSurviveADetach() throws IOException, InterruptedException {
        startAll();
        attach("-i", "*", "-p", "15101");
        CompletableFuture<String> talk =
                CompletableFuture.supplyAsync(() -> say("pingpong 203.0.113.10 80 60000 500"));
        while (!run("status").out().matches("(?s).* [1-9]\\d* messages that skipped.*")) {
            assertThat(talk).isNotDone();
        }
        assertThat(run("detach").code()).isZero();
        assertThat(talk).isNotDone();
        try {
            assertThat(talk.get()).isEqualTo("echoed 60000");
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private String say(String command) {
        try {
            return app.say(command);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void withoutRightsNothingChangesAndTheFallbackIsNamed() throws IOException {
        Lab.Player user = lab.withoutRights();
        assertThat(user.say("attach --cgroup " + cgroup() + " -i *"))
                .startsWith("exit 3 ")
                .contains("run as root", "use \"attache iptables\" instead");
        assertThat(pins()).doesNotExist();
    }

    @Test
    void aDryRunPrintsTheProgramsAndChangesNothing() {
        Lab.Outcome outcome = run("attach", "-i", "*", "-b", "*", "--dry-run");
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("map flows: SK_STORAGE", "program connect4 at CONNECT4")
                .contains("call sk_storage_get", "r1 = map[tuples]", "exit");
        assertThat(pins()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-i 10.0.0.0/33 | --istio-service-cidr \"10.0.0.0/33\"",
                "-x * | --istio-service-exclude-cidr \"*\"",
                "-x example.com | --istio-service-exclude-cidr \"example.com\"",
                "-b 80,http | --istio-inbound-ports \"http\"",
                "-o 70000 | --istio-local-outbound-ports-exclude \"70000\"",
                "-u root | --proxy-uid \"root\"",
                "-c eth9 | --istio-exclude-interfaces \"eth9\"",
                "-m TPROXY | --istio-inbound-interception-mode \"TPROXY\"",
                "--proxy-mark red | --proxy-mark \"red\"",
                "--proxy-unit none-such | --proxy-unit \"none-such\"",
                "--proxy-cgroup /tmp | --proxy-cgroup \"/tmp\"",
                "--no-such-flag | --no-such-flag",
                "-p 0 | --envoy-port \"0\"",
                "extra | extra",
            })
    void badFlagsAreNamedWithTheirValueAndChangeNothing(String flags, String named) {
        Lab.Outcome outcome = run("attach", flags.split(" "));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("error: ").contains(named);
        assertThat(pins()).doesNotExist();
    }
}
