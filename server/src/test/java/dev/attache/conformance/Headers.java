package dev.attache.conformance;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An ordered list of header fields as they crossed the wire. */
record Headers(List<Field> fields) {
    /** One field; the name keeps the case it had on the wire. */
    record Field(String name, String value) {}

    Headers() {
        this(new ArrayList<>());
    }

    /** Reads {@code name: value} lines; a line without a colon is a name with an empty value. */
    static Headers of(List<String> lines) {
        Headers headers = new Headers();
        for (String line : lines) {
            int colon = line.indexOf(':', line.startsWith(":") ? 1 : 0);
            if (colon < 0) {
                headers.add(line, "");
            } else {
                headers.add(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return headers;
    }

    Headers add(String name, String value) {
        fields.add(new Field(name, value));
        return this;
    }

    /** The first value under this name, or an empty string. */
    String get(String name) {
        for (Field f : fields) {
            if (f.name().equalsIgnoreCase(name)) {
                return f.value();
            }
        }
        return "";
    }

    boolean has(String name) {
        return fields.stream().anyMatch(f -> f.name().equalsIgnoreCase(name));
    }

    /** One line a field, sorted by name; fields of one name keep their order. */
    String describe(Normaliser normaliser) {
        StringBuilder out = new StringBuilder();
        fields.stream()
                .sorted(Comparator.comparing(f -> f.name().toLowerCase(java.util.Locale.ROOT)))
                .map(f -> f.name() + ": " + normaliser.header(f.name(), f.value()))
                .forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }
}
