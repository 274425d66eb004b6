package dev.attache.image;

import com.google.cloud.tools.jib.api.JibContainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * What Maven runs after the package phase: {@code ImageMain DIST SYSTEM FILES LIST WORK}, with the
 * system properties {@code image.name}, {@code image.base}, {@code image.revision}, {@code
 * image.push} and, for a registry without TLS, {@code image.insecure}. Prints name and digest, and
 * leaves {@code digest} and {@code image.properties} in WORK, by which check.sh builds it again.
 */
public final class ImageMain {
    private ImageMain() {}

    /** Builds the image; exits 1 where that fails, with the reason on the standard error. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 5) {
            System.err.println("usage: ImageMain DIST SYSTEM FILES LIST WORK");
            System.exit(2);
        }
        try {
            run(arguments);
        } catch (IOException | JibFailure | ExecutionException e) {
            System.err.println("image: " + e);
            System.exit(1);
        }
    }

    private static void run(String... arguments)
            throws IOException, InterruptedException, ExecutionException, JibFailure {
        String base = System.getProperty("image.base", "");
        ImageBuild build =
                new ImageBuild(
                        Path.of(arguments[0]),
                        Path.of(arguments[1]),
                        base.isEmpty() ? null : base,
                        Path.of(arguments[2]),
                        Path.of(arguments[3]),
                        Path.of(arguments[4]),
                        System.getProperty("image.name", "attache:latest"),
                        System.getProperty("image.revision", ""));
        JibContainer image = build.toArchive();
        System.out.printf(
                "image: %s %s, %d bytes in %s%n",
                build.name(), image.getDigest(), Files.size(build.archive()), build.archive());
        Files.writeString(build.work().resolve("digest"), image.getDigest() + "\n");
        Files.write(
                build.work().resolve("image.properties"),
                List.of(
                        "java=" + Path.of(System.getProperty("java.home"), "bin/java"),
                        "dist=" + build.dist().toAbsolutePath(),
                        "name=" + build.name(),
                        "base=" + base,
                        "revision=" + build.revision()));
        if (Boolean.getBoolean("image.push")) {
            System.out.println("image: pushed " + build.toRegistry().getTargetImage());
        }
    }
}
