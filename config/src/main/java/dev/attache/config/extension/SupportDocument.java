package dev.attache.config.extension;

import dev.attache.api.ApiTable;
import dev.attache.api.FieldType;
import dev.attache.api.MessageType;
import dev.attache.api.Support;
import dev.attache.config.support.MessageSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is supported, as Markdown: docs/extensions.md and {@code attache support}. */
public final class SupportDocument {
    private SupportDocument() {}

    public static String render(ExtensionRegistry registry) {
        StringBuilder text = new StringBuilder();
        text.append("# What is supported\n\n");
        text.append(
                "Generated from the declarations in `envoy-api/src/main/support`; a test fails when"
                        + " this page is out of date.\n\n");
        text.append(
                "A field that is set and refused rejects the resource, with its path. Fields"
                        + " without effect are accepted. A message that is not listed under Fields is"
                        + " honoured as a whole wherever a listed message holds it, except for what"
                        + " Envoy added after 1.36.\n\n");
        extensions(registry, text);
        text.append(
                "\n"
                        + "Your own filters: a jar in `extensions/` beside the launcher, or in the"
                        + " directory that `ATTACHE_EXTENSIONS` names; see the [guide](filter-guide.md).\n");
        text.append("\n## Fields\n");
        messages(registry).forEach((name, fields) -> message(name, fields, text));
        return text.toString();
    }

    private static void extensions(ExtensionRegistry registry, StringBuilder text) {
        text.append("## Extensions\n\n| category | name | type |\n|---|---|---|\n");
        for (ExtensionEntry extension : registry.all()) {
            text.append("| ")
                    .append(extension.key().category().envoyName())
                    .append(" | ")
                    .append(extension.wellKnownName())
                    .append(" | `")
                    .append(extension.key().messageType())
                    .append("` |\n");
        }
    }

    /** A field of the page. */
    private record Field(String name, Support support) {}

    /** Those of the table and those of users' extensions. */
    private static Map<String, List<Field>> messages(ExtensionRegistry registry) {
        Map<String, List<Field>> messages = new TreeMap<>();
        for (MessageSupport message : registry.wholeSupport().messages().values()) {
            List<Field> fields = new ArrayList<>();
            message.fields().forEach(name -> fields.add(new Field(name, message.status(name))));
            messages.put(message.messageType(), fields);
        }
        for (String name : ApiTable.messageNames()) {
            MessageType type = ApiTable.message(name);
            if (type != null && isDeclared(type)) {
                messages.put(name, fields(type));
            }
        }
        return messages;
    }

    private static boolean isDeclared(MessageType type) {
        for (FieldType field : type.fields()) {
            if (field.support() != null) {
                return true;
            }
        }
        return false;
    }

    private static List<Field> fields(MessageType type) {
        List<Field> fields = new ArrayList<>();
        for (FieldType field : type.fields()) {
            Support support = field.support();
            fields.add(
                    new Field(field.name(), support == null ? MessageSupport.UNDECLARED : support));
        }
        return fields;
    }

    private static void message(String name, List<Field> fields, StringBuilder text) {
        List<String> honoured = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        for (Field field : fields) {
            Support support = field.support();
            if (support.status() == Support.Status.HONOURED) {
                honoured.add("`" + field.name() + "`" + values(support));
            } else {
                String status =
                        support.status() == Support.Status.REFUSED ? "refused" : "no effect";
                rest.add("- `" + field.name() + "`: " + status + " (" + support.note() + ")");
            }
        }
        text.append("\n### `").append(name).append("`\n\n");
        text.append("Honoured: ")
                .append(honoured.isEmpty() ? "none" : String.join(", ", honoured))
                .append(".\n");
        if (!rest.isEmpty()) {
            text.append('\n').append(String.join("\n", rest)).append('\n');
        }
    }

    private static String values(Support support) {
        return support.values().isEmpty()
                ? ""
                : " (also its newer " + String.join(", ", support.values()) + ")";
    }
}
