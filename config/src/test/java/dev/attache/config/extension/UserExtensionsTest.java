package dev.attache.config.extension;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserExtensionsTest {

    private static final ExtensionKey TAKEN =
            new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.Taken");

    @TempDir Path directory;

    private final List<String> taken = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    /** What a user brings. */
    public static class Good implements ExtensionFactory<Struct, String> {
        @Override
        public ExtensionKey key() {
            return new ExtensionKey(ExtensionCategory.HTTP_FILTER, "com.example.Good");
        }

        @Override
        public String name() {
            return "good";
        }

        @Override
        public Struct prototype() {
            return Struct.getDefaultInstance();
        }

        @Override
        public Compiled<String> compile(Struct message, CompileContext context) {
            return context.result("compiled");
        }
    }

    /** Its key is one of the proxy's own. */
    public static final class Second extends Good {
        @Override
        public ExtensionKey key() {
            return TAKEN;
        }
    }

    /** Of another build. */
    public static final class Torn extends Good {
        @Override
        public ExtensionKey key() {
            throw new NoClassDefFoundError("com/example/Gone");
        }
    }

    private record BuiltIn(ExtensionKey key) implements ExtensionEntry {
        @Override
        public String wellKnownName() {
            return "taken";
        }

        @Override
        public ExtensionCompiler<?, ?> compiler() {
            return new Good();
        }
    }

    private URL jar(String name, String... classes) throws IOException {
        Path root = directory.resolve(name);
        Path services = Files.createDirectories(root.resolve("META-INF/services"));
        Files.writeString(
                services.resolve(ExtensionFactory.class.getName()),
                "# factories\n" + String.join("\n", classes) + " # the last\n");
        return root.toUri().toURL();
    }

    @Test
    void oneThatCannotBeLoadedIsRefusedByNameAndTheOthersAreThere() throws IOException {
        URL[] jars = {
            jar("missing", "com.example.Missing"),
            jar("torn", Torn.class.getName(), Second.class.getName(), "java.lang.String"),
            jar("good", Good.class.getName())
        };
        ExtensionRegistry registry;
        try (URLClassLoader loader =
                new URLClassLoader(jars, UserExtensionsTest.class.getClassLoader())) {
            registry =
                    UserExtensions.beside(
                            List.of(new BuiltIn(TAKEN)),
                            loader,
                            factory -> taken.add(factory.name()),
                            refused::add);
        }
        assertThat(registry.all())
                .extracting(ExtensionEntry::wellKnownName)
                .containsExactly("good", "taken");
        assertThat(taken).containsExactly("good");
        assertThat(refused).hasSize(4);
        assertThat(refused.get(0))
                .contains("com.example.Missing", "/missing/", "ClassNotFoundException");
        assertThat(refused.get(1)).contains("Torn", "/torn/", "com/example/Gone");
        assertThat(refused.get(2)).contains("Second", "is there already", "BuiltIn");
        assertThat(refused.get(3)).contains("java.lang.String", "ClassCastException");
    }

    @Test
    void whatTheCallerThrowsRefusesThatOne() throws IOException {
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {jar("good", Good.class.getName())},
                        UserExtensionsTest.class.getClassLoader())) {
            ExtensionRegistry registry =
                    UserExtensions.beside(
                            List.of(),
                            loader,
                            factory -> {
                                throw new IllegalStateException("its message is another's");
                            },
                            refused::add);
            assertThat(registry.all()).isEmpty();
        }
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst()).contains("its message is another's");
    }
}
