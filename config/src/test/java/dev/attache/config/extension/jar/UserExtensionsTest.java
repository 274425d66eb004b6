package dev.attache.config.extension.jar;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.load.TypeRegistry;
import dev.attache.testkit.UserJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserExtensionsTest {

    private static final ExtensionKey TAKEN =
            new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.Taken");

    @TempDir Path directory;

    private final List<String> loaded = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    private record BuiltIn(ExtensionKey key) implements ExtensionEntry {
        @Override
        public String wellKnownName() {
            return "taken";
        }

        @Override
        public ExtensionCompiler<?, ?> compiler() {
            return new Compiler();
        }
    }

    private static final class Compiler implements ExtensionCompiler<Struct, String> {
        @Override
        public Struct prototype() {
            return Struct.getDefaultInstance();
        }

        @Override
        public Compiled<String> compile(Struct message, CompileContext context) {
            return context.result("compiled");
        }
    }

    /** A factory as an author writes it: its key and what it says of itself. */
    private static String factory(String className, String key, String name) {
        return """
        package com.example;

        import com.google.protobuf.Struct;
        import dev.attache.config.Compiled;
        import dev.attache.config.extension.*;

        public class %s implements ExtensionFactory<Struct, String> {
            @Override public ExtensionKey key() {
                return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "%s");
            }
            @Override public String name() { return %s; }
            @Override public Struct prototype() { return Struct.getDefaultInstance(); }
            @Override public Compiled<String> compile(Struct message, CompileContext context) {
                return context.result(name());
            }
        }
        """
                .formatted(className, key, name);
    }

    private static UserJar good(String className, String key, String name) {
        return new UserJar()
                .source("com.example." + className, factory(className, key, name))
                .service(ExtensionFactory.class, "com.example." + className + " # the last");
    }

    private UserExtensions start() {
        return new UserExtensions(
                List.of(new BuiltIn(TAKEN)),
                List.of(ServiceKind.FACTORY),
                UserExtensionsTest.class.getClassLoader(),
                directory,
                new TypeRegistry(),
                new UserExtensions.Journal() {
                    @Override
                    public void loaded(String line) {
                        loaded.add(line);
                    }

                    @Override
                    public void refused(String line) {
                        refused.add(line);
                    }
                });
    }

    private static List<String> names(UserExtensions extensions) {
        return extensions.registry().all().stream().map(ExtensionEntry::wellKnownName).toList();
    }

    private static Class<?> type(UserExtensions extensions, String message) {
        ExtensionEntry entry = extensions.registry().entry(ExtensionCategory.HTTP_FILTER, message);
        return entry == null ? void.class : entry.getClass();
    }

    @Test
    void whatCannotBeLoadedIsRefusedByNameAndTheOthersAreThere() throws IOException {
        new UserJar()
                .service(ExtensionFactory.class, "com.example.Missing")
                .write(directory.resolve("a-missing.jar"));
        good("Torn", "torn", "com.example.gone.Gone.NAME")
                .source(
                        "com.example.gone.Gone",
                        "package com.example.gone; public class Gone {"
                                + " public static String NAME = \"x\"; }")
                .without("com/example/gone/Gone.class")
                .write(directory.resolve("b-torn.jar"));
        good("Second", TAKEN.messageType(), "\"second\"").write(directory.resolve("c-second.jar"));
        good("Named", "com.example.Named", "\"taken\"").write(directory.resolve("d-named.jar"));
        new UserJar()
                .service(ExtensionFactory.class, "java.lang.String")
                .write(directory.resolve("e-string.jar"));
        byte[] whole = good("Half", "half", "\"half\"").bytes();
        Files.write(directory.resolve("f-half.jar"), Arrays.copyOf(whole, whole.length / 2));
        Files.writeString(directory.resolve("g-text.jar"), "not a jar at all");
        Path file = good("Good", "com.example.Good", "\"good\"").write(directory.resolve("h.jar"));
        good("Late", "com.example.Good", "\"late\"").write(directory.resolve("i-late.jar"));
        UserExtensions extensions = start();
        assertThat(names(extensions)).containsExactly("good", "taken");
        assertThat(loaded.get(loaded.size() - 2))
                .contains("h.jar", "com.example.Good (envoy.filters.http) by com.example.Good");
        assertThat(refused).hasSize(8);
        assertThat(refused.get(0)).contains("com.example.Missing of ", "a-missing.jar");
        assertThat(refused.get(1)).contains("Torn of ", "b-torn.jar", "com/example/gone/Gone");
        assertThat(refused.get(2)).contains("Second of", "is there already", "BuiltIn");
        assertThat(refused.get(3)).contains("Named of", "extension taken", "is there already");
        assertThat(refused.get(4)).contains("java.lang.String of", "ClassCastException");
        assertThat(refused.get(5)).contains("f-half.jar", "no whole jar");
        assertThat(refused.get(6)).contains("g-text.jar", "no whole jar");
        assertThat(refused.get(7))
                .contains("Late of", "there already, by com.example.Good of " + file);
        ExtensionStatus good = extensions.status().get(7);
        assertThat(good.path()).isEqualTo(file);
        assertThat(good.state()).isEqualTo(ExtensionStatus.State.SERVING);
        assertThat(good.sha256()).hasSize(64);
        assertThat(extensions.status().get(5).problems()).containsExactly(refused.get(5));
    }

    @Test
    void eachJarHasItsOwnLibrariesAndAllHaveTheEngines() throws IOException {
        String library =
                "package org.lib; public class Lib { public static String text() {"
                        + " return \"%s\"; } }";
        for (String each : List.of("one", "two")) {
            good(each, "com.example." + each, "org.lib.Lib.text()")
                    .source("org.lib.Lib", library.formatted(each))
                    .write(directory.resolve(each + ".jar"));
        }
        // An old copy of the engine's own, as a careless build packs it.
        good("Fat", "com.example.fat", "\"fat\"")
                .source(
                        "dev.attache.config.extension.ExtensionKey",
                        "package dev.attache.config.extension; public record ExtensionKey("
                                + "ExtensionCategory category, String messageType) {}")
                .write(directory.resolve("zfat.jar"));
        UserExtensions extensions = start();
        assertThat(refused).isEmpty();
        assertThat(names(extensions)).containsExactlyInAnyOrder("taken", "one", "two", "fat");
        Class<?> one = type(extensions, "com.example.one");
        Class<?> two = type(extensions, "com.example.two");
        assertThat(one.getClassLoader()).isNotSameAs(two.getClassLoader());
        assertThat(one.getProtectionDomain().getCodeSource().getLocation().toString())
                .endsWith("/one.jar");
    }

    @Test
    void aDirectoryOfJarsIsOneExtensionWithItsLibraries() throws Exception {
        Path mine = directory.resolve("mine");
        new UserJar()
                .source(
                        "org.lib.Lib",
                        "package org.lib; public class Lib { public static String text() throws"
                                + " java.io.IOException { try (var in ="
                                + " Lib.class.getResourceAsStream(\"a name.txt\")) { return new"
                                + " String(in.readAllBytes()); } } }")
                .resource("org/lib/a name.txt", "from the library")
                .write(mine.resolve("lib/lib.jar"));
        byte[] lib = Files.readAllBytes(mine.resolve("lib/lib.jar"));
        good("Mine", "com.example.mine", "text()")
                .source(
                        "com.example.Mine",
                        factory("Mine", "com.example.mine", "text()")
                                .replace(
                                        "@Override public Struct",
                                        """
                                        static String text() {
                                            try {
                                                return (String) Class.forName("org.lib.Lib")
                                                        .getMethod("text").invoke(null);
                                            } catch (ReflectiveOperationException e) {
                                                throw new IllegalStateException(e);
                                            }
                                        }
                                        @Override public Struct\
                                        """))
                .write(mine.resolve("mine.jar"));
        UserExtensions extensions = start();
        assertThat(refused).isEmpty();
        // Overwritten in place: what is loaded does not read it again.
        Files.write(mine.resolve("lib/lib.jar"), new byte[lib.length]);
        assertThat(names(extensions)).contains("from the library");
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOneWhenItIsAdopted() throws IOException {
        Path jar = good("Good", "com.example.key", "\"first\"").write(directory.resolve("it.jar"));
        UserExtensions extensions = start();
        assertThat(extensions.changed(false)).isEmpty();
        byte[] second = good("Good", "com.example.key", "\"second\"").bytes();
        Files.write(jar, Arrays.copyOf(second, second.length - 9));
        assertThat(extensions.changed(false)).as("it may still be copied").isEmpty();
        Files.write(jar, second);
        assertThat(extensions.changed(false)).isEmpty();
        assertThat(extensions.changed(false)).containsExactly(jar);
        ExtensionUpdate update = extensions.reading(jar).get();
        assertThat(update).isNotNull();
        assertThat(extensions.generation(jar)).isEqualTo(1);
        assertThat(names(extensions)).containsExactly("taken", "first");
        extensions.adopt(update);
        assertThat(names(extensions)).containsExactly("taken", "second");
        assertThat(extensions.status().getFirst().generation()).isEqualTo(2);
        assertThat(extensions.status().getFirst().old()).isLessThanOrEqualTo(1);
        // The same content once more is no new version.
        Files.write(jar, second);
        for (Path changed : extensions.changed(true)) {
            assertThat(extensions.reading(changed).get()).isNull();
        }
    }

    @Test
    void whatUsesARemovedVersionFindsItStill() throws Exception {
        Path jar = good("Good", "com.example.key", "\"v0\"").write(directory.resolve("it.jar"));
        UserExtensions extensions = start();
        good("Good", "com.example.key", "\"v1\"").write(jar);
        assertThat(extensions.changed(true)).containsExactly(jar);
        ExtensionUpdate update = extensions.reading(jar).get();
        assertThat(update).isNotNull();
        extensions.adopt(update);
        assertThat(update.using(extensions, () -> find(extensions))).isEqualTo("v1");
        Files.delete(jar);
        assertThat(extensions.changed(true)).containsExactly(jar);
        assertThat(extensions.remove(jar)).isTrue();
        assertThat(find(extensions)).isEmpty();
        assertThat(update.using(extensions, () -> find(extensions))).isEqualTo("v1");
        assertThat(find(extensions)).isEmpty();
    }

    private static String find(UserExtensions extensions) {
        ExtensionCategory category = ExtensionCategory.HTTP_FILTER;
        ExtensionEntry entry = extensions.registry().entry(category, "com.example.key");
        return entry == null ? "" : entry.wellKnownName();
    }

    @Test
    void theLoaderOfAnOldVersionGoesWhenNothingIsCompiledForItAnyMore() throws Exception {
        Path jar = good("Good", "com.example.key", "\"v0\"").write(directory.resolve("it.jar"));
        UserExtensions extensions = start();
        for (int i = 1; i <= 3; i++) {
            replace(extensions, good("Good", "com.example.key", "\"v" + i + "\"").write(jar));
        }
        extensions.registry().forgetOlder(1);
        extensions.registry().forgetOlder(2);
        awaitOld(extensions, 1);
        extensions.registry().forgetOlder(3);
        awaitOld(extensions, 0);
    }

    private static void replace(UserExtensions extensions, Path jar) {
        assertThat(extensions.changed(true)).containsExactly(jar);
        ExtensionUpdate update = extensions.reading(jar).get();
        assertThat(update).isNotNull();
        extensions.adopt(update);
    }

    private static void awaitOld(UserExtensions extensions, int wanted) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (extensions.status().getFirst().old() != wanted) {
            assertThat(System.nanoTime()).as(extensions.status().toString()).isLessThan(end);
            System.gc();
            Thread.sleep(10);
        }
    }

    @Test
    void whatIsRefusedOrGoneLeavesTheOthers() throws IOException {
        Path jar = good("Good", "com.example.key", "\"first\"").write(directory.resolve("it.jar"));
        UserExtensions extensions = start();
        Files.writeString(jar, "half");
        assertThat(extensions.changed(true)).containsExactly(jar);
        ExtensionUpdate broken = extensions.reading(jar).get();
        assertThat(broken).isNotNull();
        assertThat(broken.jar()).isNull();
        extensions.refuse(jar, broken, broken.refused());
        assertThat(names(extensions)).containsExactly("taken", "first");
        ExtensionStatus status = extensions.status().getFirst();
        assertThat(status.state()).isEqualTo(ExtensionStatus.State.REFUSED);
        assertThat(status.generation()).isEqualTo(1);
        assertThat(status.problems().getFirst()).contains("no whole jar");

        Files.delete(jar);
        assertThat(extensions.changed(true)).containsExactly(jar);
        assertThat(extensions.remove(jar)).isTrue();
        assertThat(names(extensions)).containsExactly("taken");
        good("Good", "com.example.key", "\"third\"").write(jar);
        assertThat(extensions.changed(true)).containsExactly(jar);
        ExtensionUpdate back = extensions.reading(jar).get();
        assertThat(back).isNotNull();
        extensions.adopt(back);
        assertThat(names(extensions)).containsExactly("taken", "third");
    }
}
