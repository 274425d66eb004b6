package dev.attache.proxy.stream.format.json;

import dev.attache.proxy.explain.Explanation;
import java.util.List;
import java.util.Map;

/**
 * An explanation as JSON: an object with its facts in their order. Octets beyond ASCII, as headers
 * may have them, become escapes. Pure.
 */
public final class ExplanationJson {

    private final StringBuilder out = new StringBuilder();
    private final boolean spread;

    private ExplanationJson(boolean spread) {
        this.spread = spread;
    }

    /** In one line, without blanks. */
    public static String compact(Explanation explanation) {
        return new ExplanationJson(false).object(explanation, 0).toString();
    }

    /** A fact a line, one space for each level, and a line end behind it. */
    public static String pretty(Explanation explanation) {
        return new ExplanationJson(true).object(explanation, 0).append('\n').toString();
    }

    private StringBuilder object(Explanation explanation, int depth) {
        out.append('{');
        boolean first = true;
        for (Map.Entry<String, Object> fact : explanation.facts().entrySet()) {
            separate(first, depth + 1);
            first = false;
            JsonText.quote(out, fact.getKey());
            out.append(spread ? ": " : ":");
            value(fact.getValue(), depth + 1);
        }
        return close(first, '}', depth);
    }

    private void value(Object value, int depth) {
        switch (value) {
            case Explanation facts -> object(facts, depth);
            case List<?> list -> list(list, depth);
            case String text -> JsonText.quote(out, text);
            default -> out.append(value);
        }
    }

    private void list(List<?> list, int depth) {
        out.append('[');
        boolean first = true;
        for (Object item : list) {
            separate(first, depth + 1);
            first = false;
            value(item, depth + 1);
        }
        close(first, ']', depth);
    }

    private void separate(boolean first, int depth) {
        if (!first) {
            out.append(',');
        }
        line(depth);
    }

    private StringBuilder close(boolean empty, char bracket, int depth) {
        if (!empty) {
            line(depth);
        }
        return out.append(bracket);
    }

    private void line(int depth) {
        if (spread) {
            out.append('\n').repeat(' ', depth);
        }
    }
}
