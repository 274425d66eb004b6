package dev.attache.api.build;

import dev.attache.api.EnumType;
import dev.attache.api.FieldType;
import dev.attache.api.Guard;
import dev.attache.api.MessageType;
import dev.attache.api.Support;
import dev.attache.api.TableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is done with the fields of the API from text (README.md beside the files says how it
 * is written) into the table. What names something that there is not, or twice, fails with file and
 * line.
 */
final class SupportText {
    private static final String SUFFIX = ".txt";
    private static final String GUARDS = "guards" + SUFFIX;
    private static final String WITH = " with ";

    private final TableWriter table;
    private final Set<String> declared = new HashSet<>();
    private String file = "";
    private int line;
    private @Nullable MessageType message;

    private SupportText(TableWriter table) {
        this.table = table;
    }

    /**
     * @param folder with one file for each package, and the guards
     * @param table has all messages
     * @throws IOException if a file cannot be read
     * @throws IllegalArgumentException if one says what cannot be
     */
    static void read(Path folder, TableWriter table) throws IOException {
        SupportText text = new SupportText(table);
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
        for (Path each : files) {
            text.read(each);
        }
    }

    private void read(Path path) throws IOException {
        file = path.getFileName().toString();
        String scope = file.substring(0, file.length() - SUFFIX.length());
        line = 0;
        message = null;
        for (String text : Files.readAllLines(path)) {
            line++;
            if (text.isBlank() || text.startsWith("#")) {
                continue;
            }
            if (file.equals(GUARDS)) {
                guard(text);
            } else if (text.startsWith(" ")) {
                field(text.strip());
            } else {
                message = message(scope + "." + text.strip());
            }
        }
    }

    private MessageType message(String name) {
        MessageType found = table.message(name);
        if (found == null) {
            throw wrong("there is no message " + name);
        }
        if (!declared.add(name)) {
            throw wrong(name + " is declared twice");
        }
        return found;
    }

    private void field(String text) {
        MessageType holder = message;
        if (holder == null) {
            throw wrong("a field without a message");
        }
        for (Support.Status status : Support.Status.values()) {
            String word = status.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " ";
            if (text.startsWith(word)) {
                declare(holder, status, text.substring(word.length()).strip());
                return;
            }
        }
        throw wrong("neither honoured nor no effect nor refused: " + text);
    }

    /**
     * @param text name, values and reason
     */
    private void declare(MessageType holder, Support.Status status, String text) {
        int colon = text.indexOf(": ");
        String named = colon < 0 ? text : text.substring(0, colon);
        String note = colon < 0 ? "" : text.substring(colon + 2).strip();
        int with = named.indexOf(WITH);
        FieldType field = holder.field(with < 0 ? named : named.substring(0, with));
        if (field == null) {
            throw wrong(holder.fullName() + " has no field " + named);
        }
        if (note.isEmpty() != (status == Support.Status.HONOURED)) {
            throw wrong("a reason belongs to what is not honoured, and only there");
        }
        if (!declared.add(field.fullName())) {
            throw wrong(field.fullName() + " is declared twice");
        }
        List<String> values =
                with < 0 ? List.of() : values(field, named.substring(with + WITH.length()));
        table.declare(field.fullName(), new Support(status, note, values));
    }

    private List<String> values(FieldType field, String names) {
        if (field.kind() != FieldType.Kind.ENUM) {
            throw wrong(field.fullName() + " is no enum");
        }
        EnumType type = field.enumeration();
        List<String> values = new ArrayList<>();
        for (String name : names.split(",")) {
            if (type.value(name.strip()) == null) {
                throw wrong(type.fullName() + " has no value " + name.strip());
            }
            values.add(name.strip());
        }
        return values;
    }

    /** A kind of guard, and a message or {@code package.*}. */
    private void guard(String text) {
        String[] words = text.strip().split(" +");
        if (words.length != 2) {
            throw wrong("a guard and a message are wanted: " + text);
        }
        Guard guard;
        try {
            guard = Guard.valueOf(words[0].toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw wrong("there is no guard " + words[0]);
        }
        int found = 0;
        for (String name : table.messageNames()) {
            if (isMeant(name, words[1])) {
                if (!declared.add(GUARDS + name)) {
                    throw wrong(name + " is guarded twice");
                }
                table.declare(name, guard);
                found++;
            }
        }
        if (found == 0) {
            throw wrong("there is no message " + words[1]);
        }
    }

    private static boolean isMeant(String name, String pattern) {
        return pattern.endsWith(".*")
                ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                : name.equals(pattern);
    }

    private IllegalArgumentException wrong(String problem) {
        return new IllegalArgumentException(file + ":" + line + ": " + problem);
    }
}
