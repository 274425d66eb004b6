package dev.attache.server.review.dryrun;

import dev.attache.proxy.explain.Explanation;
import java.util.List;
import java.util.Map;

/** A dry run for people: a line for each resource that something becomes of. Pure. */
final class DryRunText {

    private final StringBuilder out = new StringBuilder();

    private DryRunText() {}

    static String of(Explanation said) {
        DryRunText text = new DryRunText();
        said.facts().forEach(text::fact);
        return text.out.toString();
    }

    private void fact(String name, Object value) {
        if (value instanceof Explanation part) {
            changes(name, part);
        } else if (value instanceof List<?> list) {
            if (!list.isEmpty()) {
                out.append(name.replace('_', ' ')).append(":\n");
                list.forEach(item -> out.append("  ").append(line(item)).append('\n'));
            }
        } else {
            out.append(name.replace('_', ' ')).append(": ").append(value).append('\n');
        }
    }

    private void changes(String name, Explanation part) {
        out.append(name).append(": ").append(part.facts().get("unchanged")).append(" unchanged\n");
        for (Map.Entry<String, Object> kind : part.facts().entrySet()) {
            if (kind.getValue() instanceof List<?> items) {
                for (Object item : items) {
                    out.append("  ")
                            .append(kind.getKey())
                            .append(' ')
                            .append(line(item))
                            .append('\n');
                }
            } else if (!kind.getKey().equals("unchanged")) {
                out.append("  ").append(kind.getKey().replace('_', ' ')).append(": ");
                out.append(kind.getValue()).append('\n');
            }
        }
    }

    private static String line(Object item) {
        if (!(item instanceof Explanation facts)) {
            return item.toString();
        }
        if (facts.facts().get("reason") instanceof String reason) {
            return diagnostic(facts, reason);
        }
        StringBuilder line = new StringBuilder();
        for (Map.Entry<String, Object> fact : facts.facts().entrySet()) {
            if (fact.getKey().equals("name")) {
                line.append(fact.getValue());
            } else {
                line.append(line.isEmpty() ? "" : ", ");
                line.append(fact.getKey().replace('_', ' ')).append(": ").append(fact.getValue());
            }
        }
        return line.toString();
    }

    /** As it stands in the log, with what stands already as it is now. */
    private static String diagnostic(Explanation facts, String reason) {
        StringBuilder line = new StringBuilder();
        for (String part : List.of("position", "resource", "field", "name")) {
            Object value = facts.facts().get(part);
            if (value != null && !value.equals("")) {
                line.append(value).append(": ");
            }
        }
        line.append(reason);
        if (facts.facts().get("remedy") instanceof String remedy) {
            line.append(" (").append(remedy).append(')');
        }
        return Boolean.TRUE.equals(facts.facts().get("already"))
                ? line.append(" [already so]").toString()
                : line.toString();
    }
}
