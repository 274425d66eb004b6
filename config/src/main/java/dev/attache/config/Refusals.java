package dev.attache.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A list of errors as a text for people: one line for each thing that is wrong, at its first place,
 * with the number of its other places. One missing extension may stand in every listener.
 */
public final class Refusals {
    private static final int SHOWN_PLACES = 3;

    private Refusals() {}

    /** With file, position and resource. */
    public static String text(List<Diagnostic> errors) {
        return text(errors, Diagnostic::render);
    }

    /** For a reader who has been told which resource it is about. */
    static String reasons(List<Diagnostic> errors) {
        return text(errors, Diagnostic::reason);
    }

    private static String text(List<Diagnostic> errors, Function<Diagnostic, String> line) {
        Map<List<Object>, List<Diagnostic>> same = new LinkedHashMap<>();
        for (Diagnostic error : errors) {
            List<Object> key =
                    List.of(
                            error.resource(),
                            error.message(),
                            Objects.requireNonNullElse(error.remedy(), ""));
            same.computeIfAbsent(key, k -> new ArrayList<>()).add(error);
        }
        return same.values().stream()
                .map(places -> line.apply(places.getFirst()) + others(places))
                .collect(Collectors.joining("\n"));
    }

    private static String others(List<Diagnostic> places) {
        int others = places.size() - 1;
        if (others == 0) {
            return "";
        }
        String shown =
                places.stream()
                        .skip(1)
                        .limit(SHOWN_PLACES)
                        .map(Refusals::place)
                        .collect(Collectors.joining(", "));
        return " (the same at %d other %s: %s%s)"
                .formatted(
                        others,
                        others == 1 ? "place" : "places",
                        shown,
                        others > SHOWN_PLACES ? ", ..." : "");
    }

    private static String place(Diagnostic error) {
        return error.position() == null ? error.fieldPath() : error.position().toString();
    }
}
