package dev.attache.iptables.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.attache.iptables.guard.GuardSettings;
import dev.attache.iptables.guard.LoopGuard;
import dev.attache.iptables.guard.Refusals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/** Plays the table of cases in one mode: per group install, shoot, remove, look for leftovers. */
public final class TrafficRun {
    private TrafficRun() {}

    /** One container per group. */
    public static Stream<DynamicNode> of(InterceptionMode mode) {
        return TrafficTable.groups().stream()
                .map(group -> dynamicContainer(group.name(), tests(mode, group)));
    }

    private static Stream<DynamicNode> tests(InterceptionMode mode, TrafficGroup group) {
        List<DynamicNode> tests = new ArrayList<>();
        Running running = new Running(mode, group);
        tests.add(DynamicTest.dynamicTest("install " + mode.name(), running::start));
        for (TrafficGroup.Case one : group.cases()) {
            tests.add(dynamicTest(one.name(), () -> running.check(one)));
        }
        tests.add(dynamicTest("cleanup leaves nothing", running::finish));
        return tests.stream();
    }

    /** One group while it runs. */
    private static final class Running {
        private final InterceptionMode mode;
        private final TrafficGroup group;
        private final List<String> errors = new CopyOnWriteArrayList<>();
        private Stage stage;

        Running(InterceptionMode mode, TrafficGroup group) {
            this.mode = mode;
            this.group = group;
        }

        void start() throws IOException {
            mode.require();
            Assumptions.assumeTrue(
                    mode.supports(group), mode.name() + " does not do: " + group.name());
            stage = Stage.open();
            proxy();
            mode.install(stage, group.flags(), group.environment());
        }

        private void proxy() throws IOException {
            List<InetSocketAddress> listeners = new ArrayList<>();
            for (int port : new int[] {15001, 15006}) {
                listeners.add(new InetSocketAddress(InetAddress.getByAddress(new byte[4]), port));
            }
            LoopGuard guard =
                    new LoopGuard(
                            GuardSettings.of(listeners, Stage.PROXY, Stage.PROXY),
                            address ->
                                    address.getHostAddress().matches("10\\.1[12]\\.0\\.2|fd1.*2"),
                            dev.attache.iptables.guard.OwnSockets.BY_ADDRESS,
                            new Refusals(errors::add, System::nanoTime));
            Relay.Kind inbound =
                    group.tproxy() ? Relay.Kind.INBOUND_TRANSPARENT : Relay.Kind.INBOUND;
            for (boolean v6 : new boolean[] {false, true}) {
                stage.add(Relay.start(stage.app(), Relay.Kind.OUTBOUND, v6, 15001, guard));
                stage.add(Relay.start(stage.app(), inbound, v6, 15006, guard));
            }
            stage.add(Resolver.start(stage.app(), "127.0.0.1", "10.11.0.1"));
            stage.add(Resolver.start(stage.app(), "::1", "fd11::1"));
            stage.add(Banner.tcp(stage.app(), Stage.PROXY, "agent tcp", 15053));
        }

        void check(TrafficGroup.Case one) throws IOException {
            Assumptions.assumeTrue(stage != null, "not installed");
            assertThat(one.shot().fire(stage)).matches(one.expected());
        }

        void finish() throws IOException {
            Assumptions.assumeTrue(stage != null, "not installed");
            try (Stage closing = stage) {
                mode.remove(closing, group.flags(), group.environment());
                assertThat(mode.leftovers(closing)).isEmpty();
                assertThat(Shot.out("10.11.0.1", 8080).fire(closing)).startsWith("upstream");
                assertThat(Shot.in("10.11.0.2", 7070).fire(closing)).startsWith("application");
                assertThat(errors).as("loops refused").isEmpty();
            }
        }
    }
}
