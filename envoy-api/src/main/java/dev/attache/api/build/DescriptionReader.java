package dev.attache.api.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the description of what is newer in the API than the message classes; {@code
 * src/main/api/README.md} says how it is written.
 */
final class DescriptionReader {
    private static final String SUFFIX = ".api";

    private final List<Addition> additions = new ArrayList<>();
    private @Nullable String file;
    private @Nullable Addition current;
    private @Nullable String oneof;

    private DescriptionReader() {}

    /**
     * Reads all files of a folder.
     *
     * @throws IOException if one cannot be read
     * @throws DescriptionException if one is not written as it should be
     */
    static List<Addition> read(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(path -> path.toString().endsWith(SUFFIX)).sorted().toList();
        }
        List<Addition> additions = new ArrayList<>();
        for (Path path : files) {
            additions.addAll(read(path.getFileName().toString(), Files.readAllLines(path)));
        }
        return additions;
    }

    static List<Addition> read(String name, List<String> lines) {
        DescriptionReader reader = new DescriptionReader();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Words words = Words.of(new Position(name, i + 1), line);
            if (!words.isEmpty()) {
                reader.line(line.length() - line.stripLeading().length(), words);
                words.end();
            }
        }
        return reader.additions;
    }

    private void line(int indent, Words words) {
        switch (indent) {
            case 0 -> statement(words);
            case 2 -> member(words);
            case 4 -> {
                if (current == null || oneof == null) {
                    throw words.position().wrong("no oneof holds this line");
                }
                field(current, words);
            }
            default -> throw words.position().wrong("indented by " + indent);
        }
    }

    private void statement(Words words) {
        current = null;
        oneof = null;
        String sort = words.take();
        switch (sort) {
            case "file" -> file = words.take();
            case "message" -> open(Addition.Sort.MESSAGE, words);
            case "enum" -> open(Addition.Sort.ENUM, words);
            case "extend" -> open(Addition.Sort.EXTEND, words);
            default -> throw words.position().wrong("unknown statement \"" + sort + "\"");
        }
    }

    private void open(Addition.Sort sort, Words words) {
        if (sort != Addition.Sort.EXTEND && file == null) {
            throw words.position().wrong("no file is named for this type");
        }
        current =
                new Addition(
                        words.position(),
                        sort,
                        words.take(),
                        sort == Addition.Sort.EXTEND ? null : file,
                        new ArrayList<>(),
                        new ArrayList<>(),
                        new ArrayList<>());
        additions.add(current);
    }

    private void member(Words words) {
        Addition holder = current;
        if (holder == null) {
            throw words.position().wrong("no message or enum holds this line");
        }
        oneof = null;
        if (words.isNext("oneof") || words.isNext("change") && words.isSecond("oneof")) {
            oneof = oneof(holder, words);
        } else if (words.isSecond("=")) {
            String name = words.take();
            words.expect("=");
            int number = words.number();
            holder.values()
                    .add(new Addition.Value(words.position(), name, number, attributes(words)));
        } else {
            field(holder, words);
        }
    }

    private static String oneof(Addition holder, Words words) {
        boolean changed = words.take("change");
        words.expect("oneof");
        String name = words.take();
        boolean required = words.take("[");
        if (required) {
            words.expect("required");
            words.expect("]");
        }
        holder.oneofs().add(new Addition.Oneof(words.position(), changed, name, required));
        return name;
    }

    private void field(Addition holder, Words words) {
        boolean changed = words.take("change");
        String label =
                words.take("repeated") ? "repeated" : words.take("optional") ? "optional" : "";
        String mapKey = null;
        String type = words.take();
        if (type.equals("map")) {
            words.expect("<");
            mapKey = words.take();
            words.expect(",");
            type = words.take();
            words.expect(">");
        }
        String name = words.take();
        words.expect("=");
        int number = words.number();
        holder.fields()
                .add(
                        new Addition.Field(
                                words.position(),
                                changed,
                                label,
                                mapKey,
                                type,
                                name,
                                number,
                                oneof,
                                attributes(words)));
    }

    private static List<Addition.Attribute> attributes(Words words) {
        return words.take("[") ? attributes(words, "]") : List.of();
    }

    private static List<Addition.Attribute> attributes(Words words, String end) {
        List<Addition.Attribute> attributes = new ArrayList<>();
        do {
            String name = words.take();
            List<String> values = new ArrayList<>();
            List<Addition.Attribute> nested = List.of();
            if (words.take("(")) {
                while (!words.take(")")) {
                    values.add(words.take());
                }
            } else if (words.take("{")) {
                nested = attributes(words, "}");
            } else if (!words.isNext(",") && !words.isNext(end)) {
                values.add(words.take());
            }
            attributes.add(new Addition.Attribute(words.position(), name, values, nested));
        } while (words.take(","));
        words.expect(end);
        return attributes;
    }
}
