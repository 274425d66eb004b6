package dev.attache.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Nothing that authors compile against changes unseen: what is public is written down in {@code
 * signatures.txt}. What is gone or changed in a stable type fails, and so does a method that comes
 * to a type that authors implement; to take it back is the only remedy before the next major
 * version, for which the lines go by hand. What is added, or changes in an evolving type, is
 * recorded by
 *
 * <pre>mvn -q -Dquick -pl filter-api test -Dtest=SignaturesTest -Dattache.signatures.record=true
 * </pre>
 */
final class SignaturesTest {
    private static final Path RECORD = Path.of("src/test/resources/signatures.txt");
    private static final String OLD_METHOD = "Chunk: stable 0.1 method abstract int size()";
    private static final String OLD_TYPE = "Chunk: stable 0.1 type interface";

    @Test
    void everyTypeSaysHowStableItIs() throws Exception {
        assertThat(types())
                .filteredOn(type -> type.getDeclaringClass() == null)
                .hasSizeLessThanOrEqualTo(35)
                .allSatisfy(type ->
                        assertThat(type.isAnnotationPresent(Stable.class))
                                .as("%s is either stable or evolving", type)
                                .isNotEqualTo(type.isAnnotationPresent(Evolving.class)));
    }

    @Test
    void whatAuthorsCompileAgainstIsAsItWasRecorded() throws Exception {
        List<String> now = Signatures.of(types());
        Signatures.Difference difference =
                Signatures.compare(
                        Files.exists(RECORD) ? Files.readAllLines(RECORD) : List.of(), now);
        assertThat(difference.broken())
                .as("an incompatible change of a stable type: what was compiled against it breaks")
                .isEmpty();
        if (Boolean.getBoolean("attache.signatures.record")) {
            Files.write(RECORD, now);
            return;
        }
        assertThat(difference.unrecorded()).as("record it: see the comment of this test").isEmpty();
    }

    @Test
    void whatIsGoneFromAStableTypeBreaks() {
        Signatures.Difference difference =
                Signatures.compare(List.of(OLD_TYPE, OLD_METHOD), List.of(OLD_TYPE));
        assertThat(difference.broken()).containsExactly("- " + OLD_METHOD);
    }

    @Test
    void anotherReturnTypeIsAnotherMethod() {
        String other = OLD_METHOD.replace("int", "long");
        Signatures.Difference difference =
                Signatures.compare(List.of(OLD_TYPE, OLD_METHOD), List.of(OLD_TYPE, other));
        assertThat(difference.broken()).containsExactly("- " + OLD_METHOD);
        assertThat(difference.unrecorded()).containsExactly("+ " + other);
    }

    @Test
    void whatAuthorsWouldHaveToImplementBreaks() {
        String type = "CallListener: stable 0.1 authors type interface";
        String method = "CallListener: stable 0.1 authors method abstract void onMore()";
        String optional = "CallListener: stable 0.1 authors method void onMore()";
        assertThat(Signatures.compare(List.of(type), List.of(type, method)).broken())
                .containsExactly("+ " + method);
        assertThat(Signatures.compare(List.of(type), List.of(type, optional)).broken()).isEmpty();
        assertThat(Signatures.compare(List.of(), List.of(type, method)).broken())
                .as("a type that nobody has implemented yet")
                .isEmpty();
    }

    @Test
    void evolvingTypesMayChangeAndAreRecorded() {
        String old = "StreamFacts: evolving 0.1 method abstract int attempts()";
        Signatures.Difference difference = Signatures.compare(List.of(old), List.of());
        assertThat(difference.broken()).isEmpty();
        assertThat(difference.unrecorded()).containsExactly("- " + old);
    }

    /** The public types of the package, as they were compiled. */
    private static List<Class<?>> types() throws IOException, ReflectiveOperationException {
        List<Class<?>> types = new ArrayList<>();
        String folder = FilterFactory.class.getPackageName().replace('.', '/');
        try (Stream<Path> files = Files.list(Path.of(location()).resolve(folder))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".class") && !name.equals("package-info.class")) {
                    Class<?> type =
                            Class.forName(
                                    FilterFactory.class.getPackageName()
                                            + "."
                                            + name.substring(0, name.length() - 6));
                    if (Modifier.isPublic(type.getModifiers())) {
                        types.add(type);
                    }
                }
            }
        }
        return types;
    }

    private static URI location() {
        try {
            return FilterFactory.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
