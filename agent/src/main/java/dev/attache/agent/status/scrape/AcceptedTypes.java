package dev.attache.agent.status.scrape;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What of an {@code Accept} header is passed on to those whose answers are put one behind the
 * other: no protobuf, and for the proxy no OpenMetrics, whose end would end the page. As Istio's
 * {@code allowedContentTypes}.
 */
final class AcceptedTypes {

    static final List<String> OF_THE_PROXY = List.of("text/*", "text/plain");
    static final List<String> OF_APPLICATIONS =
            List.of("text/*", "text/plain", "application/openmetrics-text");

    private static final Type TEXT = new Type("text/plain", Map.of("version", "0.0.4"));
    private static final Type OPEN_METRICS =
            new Type("application/openmetrics-text", Map.of("version", "0.0.1"));

    private AcceptedTypes() {}

    record Type(String name, Map<String, String> parameters) {

        /** Without blanks, for comparison and where nothing else can be said. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(name);
            new TreeMap<>(parameters)
                    .forEach(
                            (key, value) -> text.append(';').append(key).append('=').append(value));
            return text.toString();
        }

        private String weighed(int weight) {
            Map<String, String> all = new TreeMap<>(parameters);
            all.put("q", "0." + weight);
            StringBuilder text = new StringBuilder(name);
            all.forEach((key, value) -> text.append("; ").append(key).append('=').append(value));
            return text.toString();
        }
    }

    static String of(String accept, List<String> allowed) {
        List<Type> taken = new ArrayList<>();
        Set<String> used = new HashSet<>();
        for (String part : accept.split(",", -1)) {
            Type type = parse(part);
            if (type == null) {
                return TEXT.toString();
            }
            boolean any = type.name().equals("*/*") || type.name().equals("*");
            Type meant = any ? TEXT : type.name().equals("application/*") ? OPEN_METRICS : type;
            boolean wildcard = meant != type;
            if (allowed.contains(meant.name()) && (used.add(meant.toString()) || !wildcard)) {
                taken.add(meant);
            }
        }
        if (taken.isEmpty()) {
            return TEXT.toString();
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            parts.add(taken.get(i).weighed(taken.size() - i));
        }
        return String.join(",", parts);
    }

    /** A type with its parameters, the weight left out; null where it is none. */
    static @org.jspecify.annotations.Nullable Type parse(String text) {
        String[] parts = text.split(";", -1);
        String name = parts[0].strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.chars().anyMatch(c -> c <= ' ')) {
            return null;
        }
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            String key = (equals < 0 ? parts[i] : parts[i].substring(0, equals)).strip();
            if (equals < 0 && !key.isEmpty()) {
                return null;
            }
            if (!key.isEmpty() && !key.equalsIgnoreCase("q")) {
                String value = parts[i].substring(equals + 1).strip();
                parameters.put(key.toLowerCase(Locale.ROOT), value.replace("\"", ""));
            }
        }
        return new Type(name, parameters);
    }
}
