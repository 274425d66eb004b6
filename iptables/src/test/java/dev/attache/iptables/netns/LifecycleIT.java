package dev.attache.iptables.netns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.iptables.apply.HostPrograms;
import dev.attache.iptables.capture.LinuxHost;
import dev.attache.iptables.command.InterceptCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Installing twice, over something else, wrongly, and removing: what the kernel then holds. */
class LifecycleIT {
    private static final List<String> FLAGS =
            List.of("-u", "1337", "-i", "*", "-b", "*", "-c", "eth1", "--dual-stack");
    private static final List<String> OTHER_FLAGS =
            List.of(
                    "-u",
                    "1337",
                    "-i",
                    "10.0.0.0/8",
                    "-b",
                    "80",
                    "-m",
                    "TPROXY",
                    "--drop-invalid",
                    "--redirect-dns",
                    "--capture-all-dns",
                    "--dual-stack");

    static Stream<RuleMode> modes() {
        return Stream.of(RuleMode.iptables(), RuleMode.nftables());
    }

    private static List<String> with(List<String> flags, String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return all;
    }

    /** The whole ruleset with handles: a rule that was replaced by an equal one shows. */
    private static String ruleset(Stage stage) throws IOException {
        return stage.app().run("nft", "--stateless", "--handle", "list", "ruleset").out();
    }

    private static String intercept(Stage stage, String... args) throws IOException {
        return stage.app()
                .in(() -> {
                    ByteArrayOutputStream log = new ByteArrayOutputStream();
                    PrintStream out = new PrintStream(log, true, StandardCharsets.UTF_8);
                    int exit =
                            new InterceptCommand(new LinuxHost(), new HostPrograms(), out, out)
                                    .run(List.of(args));
                    return "exit " + exit + "\n" + log.toString(StandardCharsets.UTF_8);
                });
    }

    @ParameterizedTest
    @MethodSource("modes")
    void secondRunTouchesNothing(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            for (List<String> flags : List.of(FLAGS, OTHER_FLAGS)) {
                assertThat(mode.run(stage, flags, Map.of())).startsWith("exit 0");
                String before = ruleset(stage);
                assertThat(mode.run(stage, flags, Map.of())).startsWith("exit 0");
                assertThat(ruleset(stage)).isEqualTo(before);
                assertThat(mode.run(stage, with(flags, "--reconcile"), Map.of()))
                        .startsWith("exit 0");
                assertThat(ruleset(stage)).as("nothing to reconcile").isEqualTo(before);
                mode.remove(stage, flags, Map.of());
                assertThat(mode.leftovers(stage)).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void reconcileReplaces(RuleMode mode) throws IOException {
        mode.require();
        try (Stage fresh = Stage.open();
                Stage stage = Stage.open()) {
            assertThat(mode.run(fresh, OTHER_FLAGS, Map.of())).startsWith("exit 0");
            assertThat(mode.run(stage, FLAGS, Map.of())).startsWith("exit 0");
            assertThat(mode.run(stage, with(OTHER_FLAGS, "--reconcile"), Map.of()))
                    .startsWith("exit 0");
            String again = mode.run(stage, OTHER_FLAGS, Map.of());
            assertThat(again).startsWith("exit 0").contains("nothing to do");
            mode.remove(stage, OTHER_FLAGS, Map.of());
            assertThat(mode.leftovers(stage)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void cleanupNeedsNoFlags(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            assertThat(mode.run(stage, OTHER_FLAGS, Map.of())).startsWith("exit 0");
            assertThat(mode.run(stage, List.of("--cleanup-only"), Map.of())).startsWith("exit 0");
            assertThat(mode.leftovers(stage)).isEmpty();
            assertThat(mode.run(stage, FLAGS, Map.of())).startsWith("exit 0");
            assertThat(intercept(stage, "cleanup")).startsWith("exit 0");
            assertThat(mode.leftovers(stage)).isEmpty();
            assertThat(intercept(stage, "cleanup")).as("twice").startsWith("exit 0");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void badInputChangesNothing(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            mode.run(stage, FLAGS, Map.of());
            String before = ruleset(stage);
            for (List<String> bad :
                    List.of(
                            List.of("-i", "10.0.0.0/99"),
                            List.of("-b", "eighty,443x,99999"),
                            List.of("-u", "no-such-user"),
                            List.of("-m", "TPROXY", "-t", "many"),
                            List.of("-x", "*"),
                            List.of("--no-such-flag"))) {
                String answer = mode.run(stage, bad, Map.of());
                assertThat(answer).doesNotStartWith("exit 0").contains(bad.getFirst());
                assertThat(ruleset(stage)).as(bad.toString()).isEqualTo(before);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void validationUsesRealTraffic(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            List<String> flags = with(FLAGS, "--run-validation", "--probe-timeout", "1500ms");
            assertThat(mode.run(stage, with(flags, "--skip-rule-apply"), Map.of()))
                    .as("no rules yet")
                    .startsWith("exit 126");
            assertThat(mode.run(stage, flags, Map.of()))
                    .startsWith("exit 0")
                    .contains("Validation passed");
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void statusTellsDrift(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            assertThat(intercept(stage, "status")).startsWith("exit 3");
            mode.run(stage, FLAGS, Map.of());
            assertThat(intercept(stage, "status"))
                    .startsWith("exit 0")
                    .contains("drift:     none")
                    .contains("when:")
                    .contains("user ");
            if (mode.name().equals("nftables")) {
                stage.app()
                        .run("nft", "flush", "chain", "inet", "istio-proxy-nat", "istio-redirect");
            } else {
                stage.app().run("iptables", "-t", "nat", "-F", "ISTIO_REDIRECT");
            }
            assertThat(intercept(stage, "status")).startsWith("exit 4").contains("15001");
            mode.remove(stage, FLAGS, Map.of());
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void explanationAgreesWithTraffic(RuleMode mode) throws IOException {
        mode.require();
        try (Stage stage = Stage.open()) {
            mode.run(
                    stage,
                    List.of("-u", "1337", "-i", "*", "-b", "*", "-d", "15021", "--dual-stack"),
                    Map.of());
            assertThat(intercept(stage, "explain", "app", "10.11.0.1", "8080"))
                    .contains("=> captured: goes to local port 15001");
            assertThat(intercept(stage, "explain", "proxy", "10.11.0.1", "8080"))
                    .contains("=> not captured");
            assertThat(intercept(stage, "explain", "10.11.0.1", "10.11.0.2", "7070"))
                    .contains("=> captured: goes to local port 15006");
            assertThat(intercept(stage, "explain", "10.11.0.1", "10.11.0.2", "15021"))
                    .contains("=> not captured");
            assertThat(intercept(stage, "explain", "proxy", "10.11.0.2", "7070"))
                    .contains("=> captured: goes to local port 15006");
            assertThat(intercept(stage, "explain", "fd12::1", "fd12::2", "7070"))
                    .contains("arrives by eth1")
                    .contains("=> captured: goes to local port 15006");
            assertThat(intercept(stage, "explain", "app", "127.0.0.1", "7070"))
                    .contains("=> not captured");
        }
    }
}
