package dev.attache.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Replaces what must differ between two runs (ports, times, random identifiers) by names, so that
 * the rest can be compared as text. Belongs to one run of one case.
 */
final class Normaliser {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Map<String, String> literals = new LinkedHashMap<>();
    private final Map<Pattern, String> rules = new LinkedHashMap<>();

    /** Every occurrence of {@code text} is shown as {@code name}. */
    void literal(String text, String name) {
        literals.put(text, name);
    }

    /** A port of this run; recognised after a colon or between blanks, quotes and the like. */
    void port(int port, String name) {
        rules.put(Pattern.compile("(?<![0-9])" + port + "(?![0-9])"), name);
    }

    /** Rules of the case: {@code {pattern: …, with: …}}. */
    void rules(List<Object> fromCase) {
        for (Object rule : fromCase) {
            Map<String, Object> map = Tree.map(rule);
            rules.put(
                    Pattern.compile(Tree.text(map.get("pattern"), "")),
                    Tree.text(map.get("with"), "<normalised>"));
        }
    }

    String header(String name, String value) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "date" -> "<date>";
            case "x-envoy-upstream-service-time" -> value.matches("[0-9]+") ? "<ms>" : value;
            case "x-envoy-expected-rq-timeout-ms" -> roughly(value);
            default -> text(value);
        };
    }

    /**
     * What is left of a timeout at a retry, rounded up to half seconds; from ten seconds on to two
     * and a half, as a busy machine takes its time before it retries.
     */
    private static String roughly(String value) {
        if (!value.matches("[0-9]{4,8}")) {
            return value;
        }
        int left = Integer.parseInt(value);
        int step = left > 10_000 ? 2500 : 500;
        return String.valueOf((left + step - 1) / step * step);
    }

    String text(String value) {
        String out = UUID.matcher(value).replaceAll("<uuid>");
        for (Map.Entry<String, String> e : literals.entrySet()) {
            out = out.replace(e.getKey(), e.getValue());
        }
        for (Map.Entry<Pattern, String> e : rules.entrySet()) {
            out = e.getKey().matcher(out).replaceAll(e.getValue());
        }
        return out;
    }
}
