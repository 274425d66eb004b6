package dev.attache.filters.http.grpc_json_transcoder.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** A {@code google.protobuf.FieldMask}, in JSON one string of paths in lowerCamelCase. */
final class FieldMasks {
    /** What parentheses may add to a mask's own length; Envoy writes out any of it. */
    private static final int MOST_ADDED = 1 << 20;

    private FieldMasks() {}

    /** Gives each path to {@code to}; parentheses stand for paths that begin alike. */
    static void read(Scalar value, Consumer<Scalar> to) throws Unfit {
        if (value.type() != Scalar.Type.STRING) {
            throw new Unfit("Invalid data type for field mask, value is " + value.shown());
        }
        String paths = value.text();
        Deque<String> prefixes = new ArrayDeque<>();
        prefixes.push("");
        int from = 0;
        long added = 0;
        for (int at = 0; at <= paths.length(); at++) {
            char c = at < paths.length() ? paths.charAt(at) : ',';
            if (c != ',' && c != '(' && c != ')') {
                continue;
            }
            String segment = paths.substring(from, at);
            from = at + 1;
            String begun = prefixes.element();
            added += begun.length();
            if (added > MOST_ADDED) {
                throw new Unfit("Invalid FieldMask: its paths are too long.");
            }
            String path =
                    begun.isEmpty() || segment.isEmpty() ? begun + segment : begun + "." + segment;
            if (c == '(') {
                prefixes.push(path);
                continue;
            }
            if (!segment.isEmpty()) {
                to.accept(Scalar.string(snakeCase(path)));
            }
            if (c == ')') {
                prefixes.pop();
                if (prefixes.isEmpty()) {
                    throw new Unfit(
                            "Invalid FieldMask '"
                                    + paths
                                    + "'. Cannot find matching '(' for all ')'.");
                }
            }
        }
        if (prefixes.size() > 1) {
            throw new Unfit(
                    "Invalid FieldMask '" + paths + "'. Cannot find matching ')' for all '('.");
        }
    }

    private static String snakeCase(String path) {
        StringBuilder out = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            quoted ^= c == '"';
            if (!quoted && c >= 'A' && c <= 'Z') {
                out.append('_').append((char) (c + 32));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** A path as JSON has it, as far as it has a form there. */
    static String camelCase(String path) {
        StringBuilder out = new StringBuilder();
        boolean under = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '_') {
                under = true;
                continue;
            }
            boolean lower = c >= 'a' && c <= 'z';
            if (lower && under) {
                out.append((char) (c - 32));
            } else {
                boolean plain = lower || (c >= '0' && c <= '9') || c == '.';
                out.append(under && !plain ? "_" : "").append(c);
            }
            under = false;
        }
        return out.toString();
    }
}
