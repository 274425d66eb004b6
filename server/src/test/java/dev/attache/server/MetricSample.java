package dev.attache.server;

import dev.attache.server.admin.stats.StatsPages;
import dev.attache.server.admin.stats.TagRules;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line with labels of the page that a proxy has for Prometheus. */
record MetricSample(String name, Map<String, String> labels, String value) {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)\\} (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** The page of a proxy of this process, once something is so of it. */
    static List<MetricSample> of(AttacheServer server, Predicate<List<MetricSample>> settled)
            throws InterruptedException {
        StatsPages pages =
                new StatsPages(
                        server.stats(),
                        TagRules.of(server.bootstrap().getStatsConfig(), server.options()),
                        server.histogramBuckets());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            List<MetricSample> samples = all(pages.prometheus(Map.of()).body());
            if (settled.test(samples)) {
                return samples;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("not counted: " + samples);
            }
            Thread.sleep(10);
        }
    }

    /** The only sample of a metric, once there is one. */
    static MetricSample only(AttacheServer server, String name) throws InterruptedException {
        return only(of(server, samples -> count(samples, name) > 0), name);
    }

    /** The only sample of a metric. */
    static MetricSample only(List<MetricSample> samples, String name) {
        return samples.stream()
                .filter(sample -> sample.name.equals(name))
                .reduce((a, b) -> {
                    throw new AssertionError(name + " twice: " + a + b);
                })
                .orElseThrow(() -> new AssertionError(name + " is not there"));
    }

    /** How many of them are of a metric. */
    static long count(List<MetricSample> samples, String name) {
        return samples.stream().filter(sample -> sample.name.equals(name)).count();
    }

    private static List<MetricSample> all(String page) {
        List<MetricSample> samples = new ArrayList<>();
        page.lines()
                .forEach(line -> {
                    Matcher sample = SAMPLE.matcher(line);
                    if (sample.matches()) {
                        samples.add(
                                new MetricSample(
                                        sample.group(1), labels(sample.group(2)), sample.group(3)));
                    }
                });
        return samples;
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return labels;
    }
}
