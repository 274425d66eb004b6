package dev.attache.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** The jar that an example's Maven project makes, made with the compiler of this JDK. */
final class ExampleJar {

    private ExampleJar() {}

    /**
     * Compiles an example against the jars of the proxy, as it is distributed.
     *
     * @param example its folder
     * @param work where things may be left
     * @return a directory of extensions with the jar in it
     */
    static Path build(String example, Path work) throws IOException {
        Path source = Peers.root().resolve("examples").resolve(example).resolve("src/main");
        Path classes = Files.createDirectories(work.resolve(example + "-classes"));
        List<String> arguments =
                new ArrayList<>(List.of("-d", classes.toString(), "-cp", jarsOfTheProxy()));
        try (Stream<Path> files = Files.walk(source.resolve("java"))) {
            files.map(Path::toString)
                    .filter(name -> name.endsWith(".java"))
                    .forEach(arguments::add);
        }
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(new String[0]));
        assertThat(result).isZero();
        Path extensions = Files.createDirectories(work.resolve("extensions"));
        try (OutputStream file = Files.newOutputStream(extensions.resolve(example + ".jar"));
                JarOutputStream out = new JarOutputStream(file)) {
            add(classes, out);
            add(source.resolve("resources"), out);
        }
        return extensions;
    }

    private static String jarsOfTheProxy() throws IOException {
        try (Stream<Path> jars = Files.list(Peers.root().resolve("packaging/target/attache/lib"))) {
            return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static void add(Path root, JarOutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(root.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
