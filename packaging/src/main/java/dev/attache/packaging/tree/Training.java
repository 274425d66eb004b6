package dev.attache.packaging.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Has the launcher record the AOT caches, with the very jars and the runtime that are installed.
 */
final class Training {
    private static final List<String> PROGRAMS =
            List.of("proxy", "agent", "console", "hook", "interception");

    private Training() {}

    static void train(Path home) throws IOException {
        ProcessBuilder launcher =
                new ProcessBuilder(home.resolve("attache").toAbsolutePath().toString(), "train");
        launcher.environment().keySet().removeIf(name -> name.startsWith("ATTACHE_"));
        try {
            int code = launcher.inheritIO().start().waitFor();
            if (code != 0) {
                throw new IOException("the training ended with " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the training was interrupted", e);
        }
        for (String program : PROGRAMS) {
            if (!Files.isRegularFile(home.resolve(program + ".aot"))) {
                throw new IOException("no cache of " + program + "; see " + log(home, program));
            }
            Files.deleteIfExists(log(home, program));
        }
        leaveNothingElse(home);
    }

    private static Path log(Path home, String program) {
        return home.resolve(program + "-training.log");
    }

    /** What the JVM writes on the way, were it ended in between. */
    private static void leaveNothingElse(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".config")).toList()) {
                Files.delete(file);
            }
        }
    }
}
