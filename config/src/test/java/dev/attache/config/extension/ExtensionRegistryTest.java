package dev.attache.config.extension;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.proxy.accesslog.LogFiles;
import dev.attache.proxy.stats.StatsStore;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtensionRegistryTest {

    private static final ExtensionKey KEY =
            new ExtensionKey(ExtensionCategory.HTTP_FILTER_OVERRIDE, "google.protobuf.Struct");
    private static final Any CONFIG = Any.pack(Struct.getDefaultInstance());

    /** Compiles everything to its own text, unless that is empty. */
    private record Texts(String text) implements ExtensionFactory<Struct, String> {
        @Override
        public ExtensionKey key() {
            return KEY;
        }

        @Override
        public String name() {
            return "texts";
        }

        @Override
        public Struct prototype() {
            return Struct.getDefaultInstance();
        }

        @Override
        public Compiled<String> compile(Struct proto, CompileContext context) {
            if (text.isEmpty()) {
                context.error("nothing to say");
            }
            return context.result(text);
        }
    }

    private final Texts first = new Texts("first");
    private final Texts second = new Texts("second");
    private final ExtensionRegistry registry = new ExtensionRegistry(List.of());

    private CompileContext context() {
        return CompileContext.root(
                CompileSettings.strict(
                        registry,
                        SecretSources.offline(Map.of()),
                        new LogFiles(new StatsStore(), 10_000, 64)),
                new Diagnostics("it"));
    }

    private static String compile(CompileContext context) {
        String made = context.extension(KEY.category(), String.class, "texts", CONFIG);
        return made == null ? "" : made;
    }

    private static List<String> older(CompileContext context) {
        return context.olderExtensions(KEY.category(), String.class, CONFIG);
    }

    @Test
    void anotherRegistryCountsWhereItIsTriedAndEverywhereOnceItIsAdopted() {
        registry.adopt(registry.replacing(Set.of(), List.of(first), 1));
        ExtensionRegistry next = registry.replacing(Set.of(KEY), List.of(second), 2);
        assertThat(registry.trying(next, () -> compile(context()))).isEqualTo("second");
        assertThat(compile(context())).isEqualTo("first");
        registry.adopt(next);
        assertThat(compile(context())).isEqualTo("second");
        registry.adopt(registry.replacing(Set.of(KEY), List.of(), 0));
        CompileContext gone = context();
        assertThat(compile(gone)).isEmpty();
        assertThat(gone.diagnostics().errors().getFirst().message())
                .contains("Didn't find a registered implementation for 'texts'");
    }

    @Test
    void whatIsCompiledKnowsOfWhichLoadingItsExtensionsAre() {
        CompileContext builtIn = context();
        registry.adopt(registry.replacing(Set.of(), List.of(first), 0));
        compile(builtIn);
        assertThat(builtIn.attachments().usedSince(0)).isEmpty();
        registry.adopt(registry.replacing(Set.of(KEY), List.of(second), 7));
        CompileContext context = context();
        compile(context);
        int before = context.attachments().uses();
        compile(context.at("nested"));
        assertThat(context.attachments().usedSince(0)).containsExactly(7L, 7L);
        assertThat(context.attachments().usedSince(before)).containsExactly(7L);
    }

    @Test
    void whatOutlivesItsUsersIsCompiledForThoseOfOlderVersionsUntilTheyAreForgotten() {
        registry.adopt(registry.replacing(Set.of(), List.of(first), 1));
        registry.adopt(registry.replacing(Set.of(KEY), List.of(second), 2));
        registry.adopt(registry.replacing(Set.of(KEY), List.of(new Texts("")), 3));
        registry.adopt(registry.replacing(Set.of(KEY), List.of(new Texts("fourth")), 4));
        assertThat(older(context())).isEmpty();
        CompileContext shared = context();
        shared.attachments().outlivesItsUsers();
        assertThat(compile(shared)).isEqualTo("fourth");
        assertThat(older(shared)).containsExactly("second", "first");
        assertThat(shared.diagnostics().errors()).isEmpty();
        assertThat(shared.attachments().usedSince(0)).containsExactly(4L, 3L, 2L, 1L);
        registry.forgetOlder(2);
        assertThat(older(shared)).containsExactly("first");
        registry.forgetOlder(1);
        assertThat(older(shared)).isEmpty();
    }
}
