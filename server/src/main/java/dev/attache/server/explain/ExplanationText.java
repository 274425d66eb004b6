package dev.attache.server.explain;

import dev.attache.proxy.explain.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An explanation for people: what comes of the request in one line, then all there is to say, a
 * fact a line, indented. What is flat and belongs to a list stands in one line. Pure.
 */
public final class ExplanationText {

    private final StringBuilder out = new StringBuilder();

    private ExplanationText() {}

    public static String of(Explanation explanation) {
        ExplanationText text = new ExplanationText();
        text.out.append(Outcome.line(explanation)).append("\n\n");
        text.facts(explanation, 0);
        return text.out.toString();
    }

    private void facts(Explanation explanation, int depth) {
        for (Map.Entry<String, Object> fact : explanation.facts().entrySet()) {
            out.repeat(' ', depth).append(fact.getKey().replace('_', ' ')).append(':');
            value(fact.getValue(), depth);
        }
    }

    private void value(Object value, int depth) {
        if (value instanceof Explanation facts) {
            if (flat(facts) && facts.facts().size() <= 3) {
                out.append(' ').append(line(facts)).append('\n');
            } else {
                out.append('\n');
                facts(facts, depth + 2);
            }
        } else if (value instanceof List<?> list) {
            out.append(list.isEmpty() ? " none\n" : "\n");
            list.forEach(item -> item(item, depth + 2));
        } else {
            out.append(' ').append(value).append('\n');
        }
    }

    private void item(Object item, int depth) {
        out.repeat(' ', depth).append("- ");
        if (!(item instanceof Explanation facts)) {
            out.append(item).append('\n');
        } else if (flat(facts)) {
            out.append(line(facts)).append('\n');
        } else {
            Explanation first = new Explanation();
            List<Map.Entry<String, Object>> rest = new ArrayList<>();
            for (Map.Entry<String, Object> fact : facts.facts().entrySet()) {
                if (isFlat(fact.getValue())) {
                    first.say(fact.getKey(), String.valueOf(fact.getValue()));
                } else {
                    rest.add(fact);
                }
            }
            out.append(line(first)).append('\n');
            for (Map.Entry<String, Object> fact : rest) {
                out.repeat(' ', depth + 2).append(fact.getKey().replace('_', ' ')).append(':');
                value(fact.getValue(), depth + 2);
            }
        }
    }

    private static boolean flat(Explanation facts) {
        return facts.facts().values().stream().allMatch(ExplanationText::isFlat);
    }

    private static boolean isFlat(Object value) {
        return !(value instanceof Explanation) && !(value instanceof List<?>);
    }

    private static String line(Explanation facts) {
        List<String> parts = new ArrayList<>();
        facts.facts()
                .forEach((name, value) -> parts.add(name.replace('_', ' ') + " " + shown(value)));
        return String.join(", ", parts);
    }

    private static String shown(Object value) {
        return value.equals("") ? "''" : value.toString();
    }
}
