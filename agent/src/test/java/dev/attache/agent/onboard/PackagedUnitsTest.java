package dev.attache.agent.onboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.agent.onboard.machine.Account;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Directives without which a service starts, ends or is upgraded in another way than the
 * documentation says.
 */
final class PackagedUnitsTest {
    private static final Path PACKAGED =
            Path.of("../packaging/src/main/root/usr/lib/systemd/system/attache.service");

    private Map<String, List<String>> proxy;
    private Map<String, List<String>> agent;

    @BeforeEach
    void read() throws IOException {
        proxy = directives(Files.readString(PACKAGED));
        agent = directives(Unit.text(new Account("proxy", 1338, 1338)));
    }

    private static Map<String, List<String>> directives(String unit) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String line : unit.lines().toList()) {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                all.computeIfAbsent(line.substring(0, equals), key -> new ArrayList<>())
                        .add(line.substring(equals + 1));
            }
        }
        return all;
    }

    @Test
    void bothTellWhenTheyAreReadyAndThatTheyTurn() {
        for (Map<String, List<String>> unit : List.of(proxy, agent)) {
            assertThat(unit)
                    .containsEntry("Type", List.of("notify"))
                    .containsEntry("WatchdogSec", List.of("30"))
                    .containsEntry("LimitNOFILE", List.of("1048576"))
                    .containsEntry("KillMode", List.of("mixed"))
                    .containsEntry("NoNewPrivileges", List.of("yes"))
                    .containsEntry("WantedBy", List.of("multi-user.target"));
        }
        assertThat(proxy).containsEntry("Restart", List.of("on-failure"));
        assertThat(agent).containsEntry("Restart", List.of("always"));
    }

    /** A minute of training must not be taken for a start that hangs. */
    @Test
    void bothTrainWhereNoCacheFitsAndAreGivenTheTime() {
        assertThat(proxy.get("ExecStartPre"))
                .contains("+-/usr/lib/attache/attache train --missing");
        assertThat(agent.get("ExecStartPre")).anyMatch(line -> line.endsWith(" train --missing"));
        assertThat(proxy).containsEntry("TimeoutStartSec", List.of("600"));
        assertThat(agent).containsEntry("TimeoutStartSec", List.of("infinity"));
    }

    /** The next process tells that it is the service now. */
    @Test
    void reloadOfTheProxyHandsItOver() {
        assertThat(proxy).containsEntry("NotifyAccess", List.of("all"));
        assertThat(proxy.get("ExecReload")).hasSize(2).last().asString().contains("kill -HUP");
        assertThat(proxy.get("ExecReload").getFirst()).contains("--mode validate");
    }

    /** Interception wants the first three; the agent gives itself to its user by the next two. */
    @Test
    void capabilitiesAreThoseThatAreNeeded() {
        assertThat(proxy.get("CapabilityBoundingSet").getFirst().split(" "))
                .containsExactlyInAnyOrder("CAP_NET_BIND_SERVICE", "CAP_NET_ADMIN", "CAP_BPF");
        assertThat(proxy.get("AmbientCapabilities")).isEqualTo(proxy.get("CapabilityBoundingSet"));
        assertThat(agent.get("CapabilityBoundingSet").getFirst().split(" "))
                .contains("CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "CAP_SETUID", "CAP_SETGID");
        assertThat(agent.get("ExecStopPost").getFirst()).endsWith(" agent start clean");
    }
}
