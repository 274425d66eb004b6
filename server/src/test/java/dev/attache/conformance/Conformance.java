package dev.attache.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cases, the two proxies and the verdict. */
final class Conformance {
    private final Path reference;
    private final Path subject;
    private final Path work;
    private final Certificates certificates;

    /**
     * @param reference the real Envoy
     * @param subject the proxy that is judged
     * @param work an empty directory for configurations, logs and certificates
     */
    Conformance(Path reference, Path subject, Path work)
            throws IOException, GeneralSecurityException {
        for (Path binary : List.of(reference, subject)) {
            if (!Files.isExecutable(binary)) {
                throw new IOException(
                        "cannot run " + binary + ": see .ci/peers for how to install it");
            }
        }
        this.reference = reference;
        this.subject = subject;
        this.work = work;
        Path keys = Files.createDirectories(work.resolve("certificates"));
        this.certificates = new Certificates(keys);
    }

    /** All case files below a directory, sorted by name. */
    static List<Path> cases(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> read(Path file) throws IOException {
        Map<String, Object> spec = Tree.map(Tree.parse(Files.readString(file)));
        try {
            checkHeaders(spec.get("exchanges"));
            checkHeaders(spec.get("upstreams"));
        } catch (IllegalArgumentException wrong) {
            throw new IOException(file + ": headers: " + wrong.getMessage(), wrong);
        }
        return spec;
    }

    /** Keys below which messages of the API stand, which have fields of their own. */
    private static final Set<String> MESSAGES = Set.of("grpc", "converses", "resources");

    /** Fields are lines: a mapping in their place would be sent as nothing. */
    private static void checkHeaders(@Nullable Object value) {
        switch (value) {
            case Map<?, ?> map ->
                    map.forEach((key, each) -> {
                        if (key.equals("headers") || key.equals("trailers")) {
                            Tree.strings(each);
                        } else if (!MESSAGES.contains(key)) {
                            checkHeaders(each);
                        }
                    });
            case List<?> list -> list.forEach(Conformance::checkHeaders);
            case null, default -> {}
        }
    }

    /**
     * Plays one case against both proxies.
     *
     * @return what is wrong: unexplained differences, explanations that explain nothing, and a
     *     subject that would not start; empty when the case passes
     * @throws IOException also when the reference would not start: then the case itself is wrong
     */
    List<String> judge(Path file)
            throws IOException, InterruptedException, GeneralSecurityException {
        Map<String, Object> spec = read(file);
        String name = file.getFileName().toString().replace(".yaml", "");
        List<String> problems = new ArrayList<>(judge(spec, work.resolve(name), ""));
        for (String manner : Tree.strings(spec.get("also_over"))) {
            for (String problem : judge(spec, work.resolve(name + "-" + manner), manner)) {
                problems.add("over " + manner + ": " + problem);
            }
        }
        return problems;
    }

    /**
     * @param manner how the proxies get their resources; empty = in the bootstrap
     */
    private List<String> judge(Map<String, Object> spec, Path directory, String manner)
            throws IOException, InterruptedException, GeneralSecurityException {
        Observation expected = run(spec, directory.resolve("reference"), reference, manner, null);
        Files.writeString(directory.resolve("expected.txt"), String.join("\n", text(expected)));
        Observation actual;
        try {
            actual = run(spec, directory.resolve("subject"), subject, manner, expected);
        } catch (ProxyProcess.NotStarted e) {
            return List.of("Attache would not start: " + e.getMessage());
        }
        Files.writeString(directory.resolve("actual.txt"), String.join("\n", text(actual)));
        return verdict(spec, expected.differencesFrom(actual));
    }

    private Observation run(
            Map<String, Object> spec,
            Path directory,
            Path binary,
            String manner,
            Observation expected)
            throws IOException, InterruptedException, GeneralSecurityException {
        try (CaseRun run = new CaseRun(spec, directory, binary, certificates)) {
            return manner.isEmpty() ? run.play(expected) : run.playOver(manner, expected);
        }
    }

    private List<String> verdict(
            Map<String, Object> spec, List<Observation.Difference> differences) {
        List<Map<String, Object>> known =
                Tree.list(spec.get("known_difference")).stream().map(Tree::map).toList();
        List<String> problems = new ArrayList<>();
        for (Observation.Difference d : differences) {
            if (known.stream().noneMatch(k -> explains(k, d.at()))) {
                problems.add(
                        "at «"
                                + d.at()
                                + "»\n--- Envoy\n"
                                + d.expected()
                                + "\n--- Attache\n"
                                + d.actual());
            }
        }
        boolean sameBinary = reference.equals(subject);
        for (Map<String, Object> k : known) {
            if (!sameBinary && differences.stream().noneMatch(d -> explains(k, d.at()))) {
                problems.add("the known difference at «" + k.get("at") + "» is gone: remove it");
            }
        }
        return problems;
    }

    private static boolean explains(Map<String, Object> known, String at) {
        if (Tree.text(known.get("reason"), "").isBlank()) {
            throw new IllegalArgumentException("a known difference needs a reason: " + known);
        }
        return at.matches(Tree.text(known.get("at"), ""));
    }

    private static List<String> text(Observation observation) {
        return observation.asMap().entrySet().stream()
                .map(e -> "=== " + e.getKey() + "\n" + e.getValue())
                .toList();
    }
}
