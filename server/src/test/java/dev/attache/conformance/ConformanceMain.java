package dev.attache.conformance;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Plays cases outside Maven: {@code ConformanceMain REFERENCE SUBJECT CASES_DIRECTORY [PART_OF_NAME
 * …]}. Prints the problems and a count; exit code 1 when there are any.
 */
final class ConformanceMain {
    private ConformanceMain() {}

    public static void main(String[] arguments) throws Exception {
        Path work = Files.createTempDirectory("conformance");
        Conformance conformance =
                new Conformance(Path.of(arguments[0]), Path.of(arguments[1]), work);
        List<String> parts = List.of(arguments).subList(3, arguments.length);
        List<Path> cases =
                Conformance.cases(Path.of(arguments[2])).stream()
                        .filter(c ->
                                parts.isEmpty() || parts.stream().anyMatch(c.toString()::contains))
                        .toList();
        Map<String, List<String>> failures = new TreeMap<>();
        int parallel = Integer.getInteger("conformance.parallel", 3);
        try (ExecutorService pool = Executors.newFixedThreadPool(parallel)) {
            Map<Path, Future<List<String>>> running = new TreeMap<>();
            for (Path file : cases) {
                Callable<List<String>> task = () -> conformance.judge(file);
                running.put(file, pool.submit(task));
            }
            for (Map.Entry<Path, Future<List<String>>> e : running.entrySet()) {
                List<String> problems = new ArrayList<>();
                try {
                    problems.addAll(e.getValue().get());
                } catch (java.util.concurrent.ExecutionException failed) {
                    problems.add(String.valueOf(failed.getCause()));
                }
                if (!problems.isEmpty()) {
                    failures.put(e.getKey().getFileName().toString(), problems);
                }
            }
        }
        failures.forEach((name, problems) -> {
            System.out.println("##### " + name);
            problems.forEach(System.out::println);
        });
        System.out.println(
                (cases.size() - failures.size())
                        + " passed, "
                        + failures.size()
                        + " failed; see "
                        + work);
        System.exit(failures.isEmpty() ? 0 : 1);
    }
}
