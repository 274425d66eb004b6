package dev.attache.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is seen after the exchanges: what the upstreams received, the access log, statistics. These
 * appear with a delay, so they are read until they agree with what is expected, or, where nothing
 * is expected yet, until they stand still.
 */
final class LateObservations {
    private static final long PATIENCE = 3_000_000_000L;
    private static final long QUIET = 250;
    private final CaseRun run;
    private final @Nullable Observation expected;

    /**
     * @param expected what another proxy was seen to do in the same case, or null
     */
    LateObservations(CaseRun run, @Nullable Observation expected) {
        this.run = run;
        this.expected = expected;
    }

    /** Waits for all of these cases of one proxy, and adds what came to each case's observation. */
    static void collect(List<LateObservations> cases, ProxyProcess proxy)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        long hurry = System.nanoTime() + PATIENCE / 3;
        boolean compared = cases.stream().allMatch(c -> c.expected != null);
        List<Map<String, String>> before = List.of();
        while (true) {
            List<Map<String, String>> now = snapshots(cases, new AdminPages(proxy));
            boolean settled =
                    compared
                            ? agree(cases, now)
                            : now.equals(before)
                                    && (logged(cases, now) || System.nanoTime() > hurry);
            if (settled || System.nanoTime() > deadline) {
                for (int i = 0; i < now.size(); i++) {
                    now.get(i).forEach(cases.get(i).run.observation()::put);
                }
                return;
            }
            before = now;
            Thread.sleep(compared ? 50 : QUIET);
        }
    }

    private static List<Map<String, String>> snapshots(
            List<LateObservations> cases, AdminPages pages)
            throws IOException, InterruptedException {
        List<Map<String, String>> all = new ArrayList<>();
        for (LateObservations each : cases) {
            all.add(each.snapshot(pages));
        }
        return all;
    }

    private static boolean agree(List<LateObservations> cases, List<Map<String, String>> now) {
        for (int i = 0; i < now.size(); i++) {
            Observation expected = cases.get(i).expected;
            if (expected != null && !now.get(i).equals(late(expected))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether there are at least as many log lines as exchanges, which is the rule but not a must.
     */
    private static boolean logged(List<LateObservations> cases, List<Map<String, String>> now) {
        for (int i = 0; i < now.size(); i++) {
            long lines =
                    now.get(i).keySet().stream().filter(name -> name.startsWith("log ")).count();
            if (lines < Tree.list(cases.get(i).run.spec().get("exchanges")).size()) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, String> late(Observation expected) {
        Map<String, String> late = expected.asMap();
        late.keySet().removeIf(name -> !name.matches("(upstream|log|stat|page) .*"));
        return late;
    }

    private Map<String, String> snapshot(AdminPages pages)
            throws IOException, InterruptedException {
        Map<String, String> seen = new LinkedHashMap<>();
        run.upstreams().forEach((name, upstream) -> upstream(seen, name, upstream));
        int number = 0;
        for (String line : logLines()) {
            seen.put("log " + ++number, line);
        }
        List<String> stats = Tree.strings(run.spec().get("stats"));
        if (!stats.isEmpty()) {
            stats(seen, pages.lines("/stats"), stats);
        }
        for (Object page : Tree.list(run.spec().get("pages"))) {
            page(seen, pages, Tree.map(page));
        }
        return seen;
    }

    /** The lines of an admin page that belong to the case, sorted: hosts have no order. */
    private void page(Map<String, String> seen, AdminPages pages, Map<String, Object> page)
            throws IOException, InterruptedException {
        String path = Tree.text(page.get("path"), "/");
        Pattern wanted = Pattern.compile(Tree.text(page.get("lines"), ".*"));
        seen.put(
                "page " + path,
                pages.lines(path).stream()
                        .filter(line -> wanted.matcher(line).find())
                        .map(run.normaliser()::text)
                        .sorted()
                        .collect(Collectors.joining("\n")));
    }

    private void upstream(Map<String, String> seen, String name, Upstream upstream) {
        List<String> received = new ArrayList<>(upstream.received());
        if (Tree.flag(run.spec().get("upstreams_unordered"))) {
            received.sort(null);
        }
        List<String> spans = upstream.spans();
        for (int i = 0; i < spans.size(); i++) {
            seen.put("upstream " + name + " span " + (i + 1), spans.get(i));
        }
        for (int i = 0; i < received.size(); i++) {
            seen.put("upstream " + name + " " + (i + 1), received.get(i));
        }
    }

    private List<String> logLines() throws IOException {
        if (!Files.exists(run.accessLog())) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        for (String line :
                Files.readAllLines(run.accessLog(), java.nio.charset.StandardCharsets.ISO_8859_1)) {
            boolean json =
                    line.startsWith("{") && !Tree.flag(run.spec().get("access_log_verbatim"));
            lines.add(run.normaliser().text(json ? pretty(line) : line));
        }
        if (Tree.flag(run.spec().get("access_log_unordered"))) {
            lines.sort(null);
        }
        return lines;
    }

    private static String pretty(String json) {
        return Tree.map(Tree.parse(json)).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + ": " + Tree.json(e.getValue(), true))
                .collect(Collectors.joining("\n"));
    }

    private void stats(Map<String, String> seen, List<String> lines, List<String> wanted) {
        boolean zeros = Tree.flag(run.spec().get("stats_with_zeros"));
        boolean histograms = !Tree.flag(run.spec().get("stats_of_numbers"));
        for (String name : wanted) {
            Pattern pattern = Pattern.compile(name);
            String found =
                    lines.stream()
                            .filter(l -> pattern.matcher(l.split(": ")[0]).matches())
                            .filter(l -> histograms || l.matches(".*: -?[0-9]+"))
                            .filter(l -> zeros || !l.endsWith(": 0"))
                            .map(run.normaliser()::text)
                            .sorted()
                            .collect(Collectors.joining("\n"));
            seen.put("stat " + name, found.isEmpty() ? "<absent>" : found);
        }
    }
}
