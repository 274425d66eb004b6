package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of dashboards and alerts without Prometheus and Grafana. */
final class DashboardsTest {

    private static List<Map<String, Object>> dashboards() throws Exception {
        List<Map<String, Object>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(DashboardExpressions.directory())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Map<String, Object> read = Tree.map(Tree.parse(Files.readString(file)));
                assertThat(file.getFileName()).hasToString(read.get("uid") + ".json");
                all.add(read);
            }
        }
        return all;
    }

    @Test
    void panelsHaveAPlaceANameAndWords() throws Exception {
        assertThat(dashboards()).hasSize(3);
        for (Map<String, Object> dashboard : dashboards()) {
            Set<Object> ids = new HashSet<>();
            Set<String> taken = new HashSet<>();
            for (Object each : Tree.list(dashboard.get("panels"))) {
                Map<String, Object> panel = Tree.map(each);
                assertThat(ids.add(panel.get("id"))).as("%s", panel).isTrue();
                occupy(taken, Tree.map(panel.get("gridPos")), panel);
                if (!"row".equals(panel.get("type"))) {
                    assertThat(Tree.text(panel.get("description"), ""))
                            .as("%s", panel)
                            .isNotBlank();
                    assertThat(Tree.list(panel.get("targets"))).as("%s", panel).isNotEmpty();
                }
            }
        }
    }

    private static void occupy(Set<String> taken, Map<String, Object> grid, Object panel) {
        int x = Tree.number(grid.get("x"), -1);
        int width = Tree.number(grid.get("w"), 0);
        assertThat(x + width).as("%s", panel).isBetween(1, 24);
        for (int column = x; column < x + width; column++) {
            for (int row = 0; row < Tree.number(grid.get("h"), 0); row++) {
                int y = Tree.number(grid.get("y"), -1) + row;
                assertThat(taken.add(column + "/" + y)).as("%s is over another", panel).isTrue();
            }
        }
    }

    @Test
    void alertsSayWhatToDo() throws Exception {
        Map<String, Object> file =
                Tree.map(
                        Tree.parse(
                                Files.readString(
                                        DashboardExpressions.directory().resolve("alerts.yaml"))));
        for (Object group : Tree.list(file.get("groups"))) {
            for (Object rule : Tree.list(Tree.map(group).get("rules"))) {
                Map<String, Object> alert = Tree.map(rule);
                assertThat(Tree.map(alert.get("annotations")))
                        .as("%s", alert)
                        .containsOnlyKeys("summary", "description", "action", "threshold");
                assertThat(Tree.map(alert.get("labels")).get("severity"))
                        .as("%s", alert)
                        .isIn("warning", "critical");
            }
        }
    }

    /** Each has a test of promtool's, which PrometheusIT runs. */
    @Test
    void alertsAreTested() throws Exception {
        Path directory = DashboardExpressions.directory();
        String tests =
                Files.readString(directory.resolve("alerts-test.yaml"))
                        + Files.readString(directory.resolve("alerts-certificates-test.yaml"));
        for (String alert : DashboardExpressions.alerts().keySet()) {
            assertThat(tests).contains("alertname=\"" + alert + "\"");
        }
    }
}
