package dev.attache.config.extension.jar;

import dev.attache.config.extension.ExtensionEntry;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The file in which a jar names its classes of one kind. Stateless. */
final class ServiceFile {

    private ServiceFile() {}

    /** Its name. */
    static String of(ServiceKind<?> kind) {
        return "META-INF/services/" + kind.type().getName();
    }

    /** The extensions that a new instance of a class is. */
    static List<? extends ExtensionEntry> make(ServiceKind<?> kind, Class<?> named)
            throws ReflectiveOperationException {
        return kind.entriesOf(named.getConstructor().newInstance());
    }

    /** The names in it. */
    static Set<String> classNames(byte[] file) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                new ByteArrayInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int comment = line.indexOf('#');
                String name = (comment < 0 ? line : line.substring(0, comment)).strip();
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
