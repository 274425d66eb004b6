package dev.attache.server.admin.dump;

import dev.attache.config.extension.ExtensionEntry;
import dev.attache.config.extension.jar.ExtensionJar;
import dev.attache.config.extension.jar.ExtensionStatus;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongFunction;

/** {@code /extensions}: users' jars with what they bring and what uses it. Pure. */
public final class ExtensionsDump {

    private ExtensionsDump() {}

    /**
     * @param users what uses one loading of a jar
     */
    public static String of(List<ExtensionStatus> jars, LongFunction<List<String>> users) {
        List<String> all = new ArrayList<>();
        for (ExtensionStatus jar : jars) {
            all.add(jar(jar, users.apply(jar.generation())));
        }
        return "{\n \"extensions\": [" + String.join(",", all) + "\n ]\n}\n";
    }

    private static String jar(ExtensionStatus jar, List<String> users) {
        List<String> fields = new ArrayList<>();
        fields.add(field("jar", text(jar.path().toString())));
        fields.add(field("state", text(jar.state().name().toLowerCase(Locale.ROOT))));
        fields.add(field("generation", Long.toString(jar.generation())));
        fields.add(field("sha256", text(jar.sha256())));
        if (jar.loaded() != null) {
            fields.add(field("loaded", text(jar.loaded().toString())));
        }
        List<String> factories = new ArrayList<>();
        jar.factories().forEach(factory -> factories.add(factory(factory)));
        fields.add(field("factories", list(factories)));
        fields.add(field("used_by", list(users.stream().map(ExtensionsDump::text).toList())));
        fields.add(
                field(
                        "problems",
                        list(jar.problems().stream().map(ExtensionsDump::text).toList())));
        fields.add(field("old_generations", Integer.toString(jar.old())));
        return "\n  {\n   " + String.join(",\n   ", fields) + "\n  }";
    }

    private static String factory(ExtensionJar.Factory factory) {
        // A filter and its settings of routes are one extension to whoever configures it.
        Set<String> extensions = new LinkedHashSet<>();
        for (ExtensionEntry entry : factory.entries()) {
            extensions.add(extension(entry));
        }
        return "{"
                + field("class", text(factory.type()))
                + ", "
                + field("extensions", "[" + String.join(", ", extensions) + "]")
                + "}";
    }

    private static String extension(ExtensionEntry entry) {
        return "{"
                + field("category", text(entry.key().category().envoyName()))
                + ", "
                + field("name", text(entry.wellKnownName()))
                + ", "
                + field("type", text(entry.key().messageType()))
                + "}";
    }

    private static String list(List<String> items) {
        return items.isEmpty() ? "[]" : "[\n    " + String.join(",\n    ", items) + "\n   ]";
    }

    private static String field(String name, String value) {
        return "\"" + name + "\": " + value;
    }

    private static String text(String value) {
        StringBuilder quoted = new StringBuilder();
        JsonText.quote(quoted, value);
        return quoted.toString();
    }
}
