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
    private final ProxyProcess proxy;
    private final Observation observation;
    private final Normaliser normaliser;

    LateObservations(
            CaseRun run, ProxyProcess proxy, Observation observation, Normaliser normaliser) {
        this.run = run;
        this.proxy = proxy;
        this.observation = observation;
        this.normaliser = normaliser;
    }

    void collect(@Nullable Observation expected) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE;
        long hurry = System.nanoTime() + PATIENCE / 3;
        Map<String, String> before = Map.of();
        while (true) {
            Map<String, String> now = snapshot();
            boolean settled =
                    expected == null
                            ? now.equals(before) && (logged(now) || System.nanoTime() > hurry)
                            : now.equals(late(expected));
            if (settled || System.nanoTime() > deadline) {
                now.forEach(observation::put);
                return;
            }
            before = now;
            Thread.sleep(expected == null ? QUIET : 50);
        }
    }

    /**
     * Whether there are at least as many log lines as exchanges, which is the rule but not a must.
     */
    private boolean logged(Map<String, String> now) {
        long lines = now.keySet().stream().filter(name -> name.startsWith("log ")).count();
        return lines >= Tree.list(run.spec().get("exchanges")).size();
    }

    private static Map<String, String> late(Observation expected) {
        Map<String, String> late = expected.asMap();
        late.keySet().removeIf(name -> !name.matches("(upstream|log|stat) .*"));
        return late;
    }

    private Map<String, String> snapshot() throws IOException, InterruptedException {
        Map<String, String> seen = new LinkedHashMap<>();
        run.upstreams().forEach((name, upstream) -> upstream(seen, name, upstream));
        int number = 0;
        for (String line : logLines()) {
            seen.put("log " + ++number, line);
        }
        List<String> stats = Tree.strings(run.spec().get("stats"));
        if (!stats.isEmpty()) {
            stats(seen, stats);
        }
        return seen;
    }

    private static void upstream(Map<String, String> seen, String name, Upstream upstream) {
        List<String> received = upstream.received();
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
            lines.add(normaliser.text(json ? pretty(line) : line));
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

    private void stats(Map<String, String> seen, List<String> wanted)
            throws IOException, InterruptedException {
        List<String> lines = proxy.admin("GET", "/stats").body().lines().toList();
        boolean zeros = Tree.flag(run.spec().get("stats_with_zeros"));
        for (String name : wanted) {
            Pattern pattern = Pattern.compile(name);
            String found =
                    lines.stream()
                            .filter(l -> pattern.matcher(l.split(": ")[0]).matches())
                            .filter(l -> zeros || !l.endsWith(": 0"))
                            .map(normaliser::text)
                            .sorted()
                            .collect(Collectors.joining("\n"));
            seen.put("stat " + name, found.isEmpty() ? "<absent>" : found);
        }
    }
}
