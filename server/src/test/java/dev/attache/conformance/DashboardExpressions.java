package dev.attache.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * PromQL that people look at proxies with: our dashboards and alerts in {@code
 * packaging/dashboards}, and lists of what others' dashboards ask in {@code
 * src/test/resources/prometheus}, with Grafana's variables replaced.
 */
public final class DashboardExpressions {

    private static final Map<String, String> VARIABLES =
            Map.of(
                    "$__rate_interval", "1m",
                    "${namespace}", "default",
                    "${resource}", "app",
                    "${rule}", "0",
                    "$qrep", "source|destination",
                    "$service", "api.stock.svc.cluster.local");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?[a-zA-Z]+}?");
    private static final Pattern SELECTOR =
            Pattern.compile("(\\{__name__=~\"[^\"]+\"}|envoy_[a-z0-9_]+(\\{[^}]*})?)");

    private DashboardExpressions() {}

    static Path directory() {
        return Peers.root().resolve("packaging/dashboards");
    }

    /** Each panel's expressions, by dashboard and title. */
    static Map<String, List<String>> ours() throws IOException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(directory())) {
            for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                Map<String, Object> dashboard = Tree.map(Tree.parse(Files.readString(file)));
                for (Object each : Tree.list(dashboard.get("panels"))) {
                    Map<String, Object> panel = Tree.map(each);
                    List<String> expressions =
                            Tree.list(panel.get("targets")).stream()
                                    .map(target -> Tree.text(Tree.map(target).get("expr"), ""))
                                    .map(DashboardExpressions::plain)
                                    .toList();
                    if (!expressions.isEmpty()) {
                        all.put(dashboard.get("uid") + ": " + panel.get("title"), expressions);
                    }
                }
            }
        }
        return all;
    }

    /** The expression of each alert, by name. */
    static Map<String, String> alerts() throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        Map<String, Object> file =
                Tree.map(Tree.parse(Files.readString(directory().resolve("alerts.yaml"))));
        for (Object group : Tree.list(file.get("groups"))) {
            for (Object rule : Tree.list(Tree.map(group).get("rules"))) {
                Map<String, Object> each = Tree.map(rule);
                all.put(Tree.text(each.get("alert"), ""), Tree.text(each.get("expr"), ""));
            }
        }
        return all;
    }

    /** The series that an expression selects, each by itself. */
    static List<String> selectors(String expression) {
        List<String> all = new ArrayList<>();
        var found = SELECTOR.matcher(expression.replaceAll("\\b(by|on) \\([^)]*\\)", ""));
        while (found.find()) {
            all.add(found.group());
        }
        return all;
    }

    /** One of the lists of others' expressions. */
    public static List<String> of(String list) {
        Path file = Peers.root().resolve("server/src/test/resources/prometheus/" + list + ".txt");
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(DashboardExpressions::plain)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Grafana's variables replaced: those not named here select all. */
    private static String plain(String expression) {
        String text = expression;
        for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
            text = text.replace(variable.getKey(), variable.getValue());
        }
        return VARIABLE.matcher(text).replaceAll(".*");
    }
}
