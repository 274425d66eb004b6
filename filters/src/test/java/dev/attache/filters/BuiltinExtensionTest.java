package dev.attache.filters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.api.ApiTable;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionRegistry;
import dev.attache.config.extension.OverlayCompiler;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BuiltinExtensionTest {
    /** Registers all and asks for one, in a process that logs which classes it loads. */
    static final class Registers {
        public static void main(String[] arguments) {
            List<ExtensionEntry> all = new ExtensionRegistry(BuiltinExtension.all()).all();
            System.out.println("registered " + all.size());
            System.out.println(BuiltinExtension.ECHO.compiler().prototype().getClass().getName());
        }
    }

    @TempDir Path directory;

    @Test
    void listingThemLoadsNoneOfTheirClasses() throws Exception {
        List<String> lines = run(Registers.class);
        int registered = lines.indexOf("registered " + BuiltinExtension.all().size());
        assertThat(registered).isPositive();
        assertThat(loaded(lines.subList(0, registered)))
                .containsOnly(
                        BuiltinExtension.class.getName(),
                        BuiltinMatching.class.getName(),
                        BuiltinExtensionTest.class.getName() + "$Registers");
        assertThat(lines.subList(0, registered))
                .noneMatch(line -> line.contains("com.google.protobuf.Descriptors"));
        assertThat(loaded(lines.subList(registered, lines.size())))
                .contains("dev.attache.filters.network.echo.EchoFactory")
                .noneMatch(name -> name.contains("Router"));
    }

    @ParameterizedTest
    @EnumSource
    void isListedUnderTheMessageThatItCompiles(BuiltinExtension extension) {
        check(extension);
    }

    @ParameterizedTest
    @EnumSource
    void isListedUnderTheMessageThatItCompiles(BuiltinMatching extension) {
        check(extension);
    }

    /** A message without a class is one of Envoy's API at least. */
    private static void check(ExtensionEntry extension) {
        ExtensionCompiler<?, ?> compiler = extension.compiler();
        String type = extension.key().messageType();
        if (compiler instanceof OverlayCompiler<?>) {
            assertThat(ApiTable.message(type)).as(type).isNotNull();
        } else {
            assertThat(compiler.prototype().getDescriptorForType().getFullName()).isEqualTo(type);
        }
    }

    @Test
    void refusesTwoForOneKey() {
        List<ExtensionEntry> twice = new ArrayList<>(BuiltinExtension.all());
        twice.add(BuiltinExtension.ROUTER);
        assertThatThrownBy(() -> new ExtensionRegistry(twice))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "extension envoy.extensions.filters.http.router.v3.Router"
                                + " (envoy.filters.http) is registered twice");
    }

    /** What a process with that main class prints, its class loading included. */
    private List<String> run(Class<?> main) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xlog:class+load:stdout:none",
                                "-cp",
                                classPath(),
                                main.getName())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        return lines;
    }

    /** That of this test, also where whoever runs it has a class loader of its own. */
    private static String classPath() {
        return BuiltinExtensionTest.class.getClassLoader() instanceof URLClassLoader loader
                ? Stream.of(loader.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }

    /** Classes of this module in lines of the class loading log, each {@code NAME source: …}. */
    private static List<String> loaded(List<String> lines) {
        try (Stream<String> each = lines.stream()) {
            return each.filter(line -> line.startsWith("dev.attache.filters."))
                    .map(line -> line.split(" ", 2)[0])
                    .toList();
        }
    }
}
