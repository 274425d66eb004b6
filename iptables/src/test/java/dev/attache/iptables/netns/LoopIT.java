package dev.attache.iptables.netns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.guard.GuardSettings;
import dev.attache.iptables.guard.LoopGuard;
import dev.attache.iptables.guard.OwnSockets;
import dev.attache.iptables.guard.Refusals;
import dev.attache.iptables.kernel.SocketTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The rules that spare the proxy's own traffic are removed on purpose and traffic is sent: at most
 * two connections, one error line, and the proxy goes on serving.
 */
class LoopIT {
    private static final List<String> FLAGS =
            List.of("-u", "1337", "-i", "*", "-b", "*", "--dual-stack");

    private static RuleMode mode(String name) {
        return name.equals("nftables") ? RuleMode.nftables() : RuleMode.iptables();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void refusesTheProxysOwnTraffic(String name) throws IOException {
        RuleMode mode = mode(name);
        mode.require();
        List<String> errors = new CopyOnWriteArrayList<>();
        try (Stage stage = Stage.open()) {
            LoopGuard guard = guard(errors);
            Relay v4 =
                    stage.add(Relay.start(stage.app(), Relay.Kind.OUTBOUND, false, 15001, guard));
            Relay v6 = stage.add(Relay.start(stage.app(), Relay.Kind.OUTBOUND, true, 15001, guard));
            mode.install(stage, FLAGS, Map.of());
            forgetTheProxy(stage, name);

            String answer = Shot.out("10.11.0.1", 8080).fire(stage);
            assertThat(answer).doesNotContain("upstream");
            assertThat(v4.connections()).isLessThanOrEqualTo(2);
            assertThat(errors).hasSize(1);
            assertThat(errors.getFirst())
                    .contains("traffic loop refused")
                    .contains("10.11.0.1:8080");

            Shot.out("10.11.0.1", 8080).fire(stage);
            assertThat(v4.connections()).isLessThanOrEqualTo(4);
            assertThat(errors).as("said once").hasSize(1);

            Shot.out("fd11::1", 8080).fire(stage);
            assertThat(v6.connections()).isLessThanOrEqualTo(2);
            assertThat(errors).hasSize(2);

            mode.run(stage, List.of("--cleanup-only"), Map.of());
            mode.install(stage, FLAGS, Map.of());
            assertThat(Shot.out("10.11.0.1", 8080).fire(stage))
                    .as("healthy afterwards")
                    .startsWith("outbound 10.11.0.1:8080")
                    .contains("upstream");
            long deadline = System.nanoTime() + 5_000_000_000L;
            while (guard.size() > 0 && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(guard.size()).as("the guard's tables are empty").isZero();
        }
    }

    /** A client that calls the listener itself, with no rule involved: also a loop. */
    @ParameterizedTest
    @ValueSource(strings = {"iptables", "nftables"})
    void refusesCallsToTheListenerItself(String name) throws IOException {
        RuleMode mode = mode(name);
        mode.require();
        List<String> errors = new CopyOnWriteArrayList<>();
        try (Stage stage = Stage.open()) {
            Relay relay =
                    stage.add(
                            Relay.start(
                                    stage.app(), Relay.Kind.INBOUND, false, 15006, guard(errors)));
            mode.install(stage, FLAGS, Map.of());
            assertThat(Shot.in("10.11.0.2", 15006).fire(stage)).doesNotContain("application");
            assertThat(relay.connections()).isOne();
            assertThat(errors).hasSize(1);
        }
    }

    private static LoopGuard guard(List<String> errors) throws IOException {
        InetAddress any = InetAddress.getByAddress(new byte[4]);
        return new LoopGuard(
                GuardSettings.of(
                        List.of(
                                new InetSocketAddress(any, 15001),
                                new InetSocketAddress(any, 15006)),
                        Stage.PROXY,
                        Stage.PROXY),
                address -> address.getHostAddress().matches("10\\.1[12]\\.0\\.2|fd1.*2"),
                LoopIT::opened,
                new Refusals(errors::add, System::nanoTime));
    }

    /** Here proxy and application are threads of one process, so the user tells them apart. */
    private static OwnSockets.Answer opened(
            InetSocketAddress client, InetSocketAddress listener, InetSocketAddress target) {
        try {
            SocketTable.Entry entry = SocketTable.find(client, target);
            if (entry == null) {
                return OwnSockets.Answer.UNKNOWN;
            }
            return entry.user() == Stage.PROXY ? OwnSockets.Answer.OWN : OwnSockets.Answer.OTHER;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes out every rule about the proxy's user and group. */
    private static void forgetTheProxy(Stage stage, String name) throws IOException {
        if (name.equals("nftables")) {
            for (String owner : new String[] {"skuid 1337", "skgid 1337"}) {
                String listing =
                        stage.app()
                                .run(
                                        "nft",
                                        "-a",
                                        "list",
                                        "chain",
                                        "inet",
                                        "istio-proxy-nat",
                                        "istio-output")
                                .out();
                for (String line : listing.split("\n")) {
                    if (line.contains(owner)) {
                        String handle = line.substring(line.lastIndexOf(' ') + 1);
                        assertThat(
                                        stage.app()
                                                .run(
                                                        "nft",
                                                        "delete",
                                                        "rule",
                                                        "inet",
                                                        "istio-proxy-nat",
                                                        "istio-output",
                                                        "handle",
                                                        handle)
                                                .ok())
                                .isTrue();
                    }
                }
            }
            return;
        }
        for (String family : new String[] {"iptables", "ip6tables"}) {
            for (String owner : new String[] {"--uid-owner", "--gid-owner"}) {
                assertThat(
                                stage.app()
                                        .run(
                                                family,
                                                "-t",
                                                "nat",
                                                "-D",
                                                "ISTIO_OUTPUT",
                                                "-m",
                                                "owner",
                                                owner,
                                                "1337",
                                                "-j",
                                                "RETURN")
                                        .ok())
                        .isTrue();
            }
        }
    }
}
