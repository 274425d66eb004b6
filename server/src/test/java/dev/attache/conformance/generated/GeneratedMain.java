package dev.attache.conformance.generated;

import dev.attache.conformance.Tree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Compares any seeds without Maven: {@code GeneratedMain ENVOY OTHER SEEDS [print]}. Seeds are
 * written as {@code 7}, {@code 1-40} or both, with commas; {@code print} shows the cases instead.
 * The property {@code generated.area} leaves out those of other areas, by a part of its name.
 */
final class GeneratedMain {
    private static final int STEP = Comparison.SEEDS_OF_A_START;

    private GeneratedMain() {}

    public static void main(String[] arguments) throws Exception {
        String area = System.getProperty("generated.area", "");
        List<Long> seeds =
                seeds(arguments[2]).stream()
                        .filter(seed -> Generator.area(seed).contains(area))
                        .toList();
        if (arguments.length > 3) {
            seeds.forEach(seed -> System.out.println(Tree.json(Generator.make(seed), false)));
            return;
        }
        Path work = Files.createTempDirectory("generated");
        Comparison comparison =
                new Comparison(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        work,
                        Integer.getInteger("generated.plays", 3));
        for (int from = 0; from < seeds.size(); from += STEP) {
            List<Long> part = seeds.subList(from, Math.min(from + STEP, seeds.size()));
            comparison.compare(part);
            part.stream()
                    .filter(comparison.findings()::containsKey)
                    .forEach(seed -> comparison.report(seed).forEach(System.out::println));
        }
        System.out.println(comparison.summary() + "; see " + work);
        System.exit(comparison.findings().isEmpty() ? 0 : 1);
    }

    /** Reads a list of seeds and ranges. */
    static List<Long> seeds(String text) {
        List<Long> seeds = new ArrayList<>();
        for (String part : text.split(",")) {
            String[] ends = part.split("-");
            LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]))
                    .forEach(seeds::add);
        }
        return seeds;
    }
}
