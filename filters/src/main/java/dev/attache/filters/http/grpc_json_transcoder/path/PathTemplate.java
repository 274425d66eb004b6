package dev.attache.filters.http.grpc_json_transcoder.path;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A path template of {@code google.api.http}: segments, a verb, variables. Immutable.
 *
 * @param segments literals, {@code *} and {@code **}
 * @param verb what follows the last colon, or empty
 */
record PathTemplate(List<String> segments, String verb, List<Variable> variables) {
    static final String ONE = "*";
    static final String REST = "**";

    PathTemplate {
        segments = List.copyOf(segments);
        variables = List.copyOf(variables);
    }

    /**
     * Segments that are a field's value.
     *
     * @param end behind the last one; negative: from the end of the path, -1 = its end
     */
    record Variable(List<String> field, int start, int end) {

        /** The value in the segments of a path. */
        String value(List<String> path, Unescaping ofSeveral) {
            int behind = end >= 0 ? end : path.size() + end + 1;
            Unescaping unescaping =
                    behind - start > 1 || end < 0 ? ofSeveral : Unescaping.ALL_CHARACTERS;
            StringBuilder value = new StringBuilder();
            for (int i = start; i < behind; i++) {
                value.append(unescaping.decode(path.get(i), false));
                value.append(i < behind - 1 ? "/" : "");
            }
            return value.toString();
        }
    }

    /** Null where the text is no template. */
    static @Nullable PathTemplate parse(String text) {
        return text.equals("/")
                ? new PathTemplate(List.of(), "", List.of())
                : new Parser(text).template();
    }

    /**
     * {@code "/" segments [":" verb]}, segments with variables {@code "{" field ["=" segments]
     * "}"}.
     */
    private static final class Parser {
        private final String text;
        private int at;
        private final List<String> segments = new ArrayList<>();
        private final List<Variable> variables = new ArrayList<>();
        private boolean inVariable;
        private boolean restInVariable;
        private String verb = "";

        Parser(String text) {
            this.text = text;
        }

        private @Nullable PathTemplate template() {
            if (!take('/') || !segments()) {
                return null;
            }
            if (take(':')) {
                String literal = literal();
                if (literal == null) {
                    return null;
                }
                verb = literal;
            }
            return at == text.length() && onlyLiteralsBehindRest()
                    ? new PathTemplate(segments, verb, fromEnd())
                    : null;
        }

        private boolean onlyLiteralsBehindRest() {
            int rest = segments.indexOf(REST);
            List<String> behind =
                    rest < 0 ? List.of() : segments.subList(rest + 1, segments.size());
            return !behind.contains(ONE) && !behind.contains(REST);
        }

        private List<Variable> fromEnd() {
            List<Variable> placed = new ArrayList<>();
            for (Variable each : variables) {
                int end = each.end() < 0 ? -each.end() - segments.size() - 1 : each.end();
                placed.add(new Variable(each.field(), each.start(), end));
            }
            return placed;
        }

        private boolean segments() {
            do {
                if (!segment()) {
                    return false;
                }
            } while (take('/'));
            return true;
        }

        private boolean segment() {
            if (take('*')) {
                boolean rest = take('*');
                restInVariable |= rest && inVariable;
                segments.add(rest ? REST : ONE);
                return true;
            }
            if (at < text.length() && text.charAt(at) == '{') {
                return variable();
            }
            String literal = literal();
            if (literal != null) {
                segments.add(literal);
            }
            return literal != null;
        }

        private boolean variable() {
            at++;
            if (inVariable) {
                return false;
            }
            inVariable = true;
            restInVariable = false;
            int start = segments.size();
            List<String> field = fieldPath();
            if (field.isEmpty()) {
                return false;
            }
            if (take('=')) {
                if (!segments()) {
                    return false;
                }
            } else {
                segments.add(ONE);
            }
            // Behind a path of any length its place is known from the end only.
            variables.add(
                    new Variable(
                            field, start, restInVariable ? -segments.size() : segments.size()));
            inVariable = false;
            return take('}');
        }

        private List<String> fieldPath() {
            List<String> names = new ArrayList<>();
            do {
                int from = at;
                while (at < text.length() && ".}=".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                if (at == from) {
                    return List.of();
                }
                names.add(text.substring(from, at));
            } while (take('.'));
            return names;
        }

        private @Nullable String literal() {
            int from = at;
            while (at < text.length() && "/:}".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return at == from ? null : text.substring(from, at);
        }

        private boolean take(char c) {
            boolean there = at < text.length() && text.charAt(at) == c;
            at += there ? 1 : 0;
            return there;
        }
    }
}
