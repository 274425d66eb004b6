package dev.attache.conformance.generated;

import static java.util.Objects.requireNonNull;

import dev.attache.conformance.Certificates;
import dev.attache.conformance.Observation;
import dev.attache.conformance.ProxyProcess;
import dev.attache.conformance.SharedStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Plays the cases of seeds against the real Envoy and another proxy and says where they differ.
 * What differs is played again on fresh starts of both; only what differs each time is told.
 */
final class Comparison {
    static final int SEEDS_OF_A_START = 24;
    private final Path envoy;
    private final Path other;
    private final Path work;
    private final int plays;
    private final ListedDifferences meant;
    private final ListedDifferences open;
    private final Certificates certificates;
    private final Map<Long, List<Finding>> findings = new TreeMap<>();
    private long observations;
    private long differing;
    private int starts;

    /**
     * @param work an empty directory
     * @param plays how often what differs is played in all
     */
    Comparison(Path envoy, Path other, Path work, int plays)
            throws IOException, GeneralSecurityException {
        this.envoy = envoy;
        this.other = other;
        this.work = work;
        this.plays = plays;
        this.meant = ListedDifferences.read("meant.yaml");
        this.open = ListedDifferences.read("open.yaml");
        this.certificates = new Certificates(Files.createDirectories(work.resolve("certificates")));
    }

    /** Compares these seeds; what differs is added to {@link #findings}. */
    void compare(List<Long> seeds)
            throws IOException, InterruptedException, GeneralSecurityException {
        for (int from = 0; from < seeds.size(); from += SEEDS_OF_A_START) {
            compareStart(seeds.subList(from, Math.min(from + SEEDS_OF_A_START, seeds.size())));
        }
    }

    private void compareStart(List<Long> seeds)
            throws IOException, InterruptedException, GeneralSecurityException {
        Map<Long, List<Finding>> left = play(seeds, true);
        for (int again = 1; again < plays && !left.isEmpty(); again++) {
            Map<Long, List<Finding>> now = play(List.copyOf(left.keySet()), false);
            Map<Long, List<Finding>> both = new LinkedHashMap<>();
            left.forEach((seed, found) -> {
                List<String> places =
                        now.getOrDefault(seed, List.of()).stream().map(Finding::at).toList();
                List<Finding> kept = found.stream().filter(f -> places.contains(f.at())).toList();
                if (!kept.isEmpty()) {
                    both.put(seed, kept);
                }
            });
            left = both;
        }
        left.values().forEach(f -> differing += f.stream().map(Finding::at).distinct().count());
        findings.putAll(left);
    }

    /** One start of each proxy; where one of them refuses the configuration, parts are tried. */
    private Map<Long, List<Finding>> play(List<Long> seeds, boolean counted)
            throws IOException, InterruptedException, GeneralSecurityException {
        Map<String, Map<String, Object>> cases = new LinkedHashMap<>();
        seeds.forEach(seed -> cases.put(Generator.name(seed), Generator.make(seed)));
        Path directory = work.resolve("start-" + ++starts);
        Map<String, Observation> expected;
        Map<String, Observation> actual;
        try {
            expected = start(envoy, directory.resolve("envoy"), cases, Map.of());
            actual = start(other, directory.resolve("other"), cases, expected);
        } catch (ProxyProcess.NotStarted e) {
            return parts(seeds, counted, e);
        }
        Map<Long, List<Finding>> found = new LinkedHashMap<>();
        for (long seed : seeds) {
            String name = Generator.name(seed);
            Observation a = requireNonNull(expected.get(name));
            if (counted) {
                observations += a.asMap().size();
            }
            List<Finding> lines =
                    Finding.of(a, requireNonNull(actual.get(name))).stream()
                            .filter(f -> !meant.cover(Generator.area(seed), f))
                            .filter(f -> !open.cover(Generator.area(seed), f))
                            .toList();
            if (!lines.isEmpty()) {
                found.put(seed, lines);
            }
        }
        return found;
    }

    private Map<String, Observation> start(
            Path binary,
            Path directory,
            Map<String, Map<String, Object>> cases,
            Map<String, Observation> expected)
            throws IOException, InterruptedException, GeneralSecurityException {
        return new SharedStart(binary, directory, certificates).play(cases, expected);
    }

    private Map<Long, List<Finding>> parts(
            List<Long> seeds, boolean counted, ProxyProcess.NotStarted refusal)
            throws IOException, InterruptedException, GeneralSecurityException {
        if (seeds.size() == 1) {
            return Map.of(
                    seeds.getFirst(), List.of(new Finding("start", "  " + refusal.getMessage())));
        }
        String complaint = String.valueOf(refusal.getMessage());
        // the refusal mostly names what it refuses: those seeds apart from the others
        List<Long> named =
                seeds.stream()
                        .filter(seed ->
                                complaint.matches(
                                        "(?s).*\\b" + Generator.name(seed) + "(?![0-9]).*"))
                        .toList();
        boolean some = !named.isEmpty() && named.size() < seeds.size();
        List<Long> first = some ? named : seeds.subList(0, seeds.size() / 2);
        List<Long> others = seeds.stream().filter(seed -> !first.contains(seed)).toList();
        Map<Long, List<Finding>> found = new LinkedHashMap<>(play(first, counted));
        found.putAll(play(others, counted));
        return found;
    }

    /** The differences by seed. */
    Map<Long, List<Finding>> findings() {
        return findings;
    }

    /** How many observations there were and how many of them agree. */
    String summary() {
        double share = observations == 0 ? 100 : 100.0 * (observations - differing) / observations;
        return "%d of %d observations agree (%.2f %%)"
                .formatted(observations - differing, observations, share);
    }

    /** What to read and what to do about one seed. */
    List<String> report(long seed) {
        List<String> report = new ArrayList<>();
        report.add("seed " + seed + " (" + Generator.area(seed) + "): - Envoy, + the other");
        findings.getOrDefault(seed, List.of()).forEach(f -> report.add("  " + f));
        report.add(
                "  alone: mvn verify -Pconformance -pl server -am -Dit.test=GeneratedIT"
                        + " -Dgenerated.seeds="
                        + seed);
        return report;
    }
}
