package dev.attache.config.extension;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.attache.config.api.NewerApi;
import dev.attache.config.support.FieldStatus;
import dev.attache.config.support.MessageSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The support table as Markdown: docs/extensions.md and {@code attache support}. */
public final class SupportDocument {
    private SupportDocument() {}

    public static String render(ExtensionRegistry registry) {
        StringBuilder text = new StringBuilder();
        text.append("# What is supported\n\n");
        text.append("Generated from the code; a test fails when this page is out of date.\n\n");
        text.append(
                "A field that is set and refused rejects the resource, with its path. Fields"
                        + " without effect are accepted. A message that is not listed under Fields is"
                        + " honoured as a whole wherever a listed message holds it.\n\n");
        extensions(registry, text);
        text.append(
                "\n"
                        + "Your own filters: a jar in `extensions/` beside the launcher, or in the"
                        + " directory that `ATTACHE_EXTENSIONS` names; see `examples/hello-filter`.\n");
        text.append("\n## Fields\n");
        new TreeMap<>(registry.wholeSupport().messages())
                .forEach((name, support) -> message(support, text));
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

    private static void message(MessageSupport support, StringBuilder text) {
        List<String> honoured = new ArrayList<>();
        List<String> rest = new ArrayList<>();
        List<FieldDescriptor> fields = new ArrayList<>(support.type().getFields());
        fields.addAll(NewerApi.added(support.type()));
        for (FieldDescriptor field : fields) {
            MessageSupport.Entry entry = support.status(field);
            if (entry.status() == FieldStatus.HONOURED) {
                honoured.add("`" + field.getName() + "`");
            } else {
                String status = entry.status() == FieldStatus.REFUSED ? "refused" : "no effect";
                rest.add("- `" + field.getName() + "`: " + status + " (" + entry.note() + ")");
            }
        }
        text.append("\n### `").append(support.type().getFullName()).append("`\n\n");
        text.append("Honoured: ")
                .append(honoured.isEmpty() ? "none" : String.join(", ", honoured))
                .append(".\n");
        if (!rest.isEmpty()) {
            text.append('\n').append(String.join("\n", rest)).append('\n');
        }
    }
}
