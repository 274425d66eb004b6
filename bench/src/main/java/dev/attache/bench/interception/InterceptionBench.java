package dev.attache.bench.interception;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Measures the ways side by side: every round measures every load once in every way, one after the
 * other, so that what else the machine does falls on all of them alike. Prints medians, and for
 * each round's pair the ratio to iptables, of which the median counts.
 */
final class InterceptionBench {
    private InterceptionBench() {}

    public static void main(String[] args) throws IOException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 2;
        Map<Way, Scene> scenes = new EnumMap<>(Way.class);
        try {
            for (Way way : Way.values()) {
                scenes.put(way, Scene.of(way, cgroups()));
            }
            Map<Load, Map<Way, List<Scene.Sample>>> samples = play(scenes, rounds, seconds);
            System.out.printf(
                    "%d rounds of %.1f s, %d CPUs, Linux %s%n",
                    rounds,
                    seconds,
                    Runtime.getRuntime().availableProcessors(),
                    System.getProperty("os.version"));
            samples.forEach(InterceptionBench::print);
        } finally {
            for (Scene scene : scenes.values()) {
                scene.close();
            }
        }
    }

    private static Path cgroups() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElseThrow(() -> new IOException("no cgroup hierarchy of version 2 is mounted"));
    }

    private static Map<Load, Map<Way, List<Scene.Sample>>> play(
            Map<Way, Scene> scenes, int rounds, double seconds) throws IOException {
        Map<Load, Map<Way, List<Scene.Sample>>> samples = new EnumMap<>(Load.class);
        for (int round = -1; round < rounds; round++) {
            for (Load load : Load.values()) {
                for (Map.Entry<Way, Scene> scene : scenes.entrySet()) {
                    Scene.Sample sample = scene.getValue().measure(load, seconds);
                    if (round >= 0) {
                        samples.computeIfAbsent(load, l -> new EnumMap<>(Way.class))
                                .computeIfAbsent(scene.getKey(), w -> new ArrayList<>())
                                .add(sample);
                    }
                }
            }
        }
        return samples;
    }

    private static void print(Load load, Map<Way, List<Scene.Sample>> byWay) {
        System.out.printf(
                "%n%-22s %12s %9s %14s %9s%n", load, "per second", "ratio", "per CPU s", "ratio");
        List<Scene.Sample> base = byWay.getOrDefault(Way.IPTABLES, List.of());
        byWay.forEach((way, samples) ->
                System.out.printf(
                        "%-22s %12.0f %8.2fx %14.0f %8.2fx%n",
                        way,
                        median(samples, Scene.Sample::perSecond),
                        ratio(samples, base, Scene.Sample::perSecond),
                        median(samples, Scene.Sample::perCpuSecond),
                        ratio(samples, base, Scene.Sample::perCpuSecond)));
    }

    private static double median(
            List<Scene.Sample> samples, ToDoubleFunction<Scene.Sample> quantity) {
        return median(samples.stream().mapToDouble(quantity).toArray());
    }

    private static double ratio(
            List<Scene.Sample> samples,
            List<Scene.Sample> base,
            ToDoubleFunction<Scene.Sample> quantity) {
        double[] ratios = new double[samples.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] =
                    quantity.applyAsDouble(samples.get(i)) / quantity.applyAsDouble(base.get(i));
        }
        return median(ratios);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
