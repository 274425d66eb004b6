package dev.attache.server.explain;

import dev.attache.proxy.explain.Explanation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What an explanation comes to, in a word and in a line. Pure. */
public final class Outcome {

    /** A route was found and the request goes on, or the route answers it. */
    public static final String ROUTED = "routed";

    /** No listener, chain or route is there for it, or a filter turns it away. */
    public static final String REFUSED = "refused";

    private Outcome() {}

    /** {@link #ROUTED} or {@link #REFUSED}. */
    public static String word(Explanation explanation) {
        Explanation outcome = part(explanation, "outcome");
        if (outcome.text("goes_to") != null) {
            return Boolean.TRUE.equals(outcome.facts().get("reachable")) ? ROUTED : REFUSED;
        }
        boolean forwarded = "forwarded".equals(outcome.text("what"));
        boolean answered =
                "direct_response".equals(outcome.text("details"))
                        && part(explanation, "route").text("action") != null;
        return forwarded || answered ? ROUTED : REFUSED;
    }

    /** The way of the request in one line. */
    static String line(Explanation explanation) {
        String error = explanation.text("error");
        if (error != null) {
            return "error: " + error;
        }
        List<String> way = new ArrayList<>();
        add(way, "listener", part(explanation, "listener").text("name"));
        add(way, "handed to", part(explanation, "listener").text("handed_to"));
        add(way, "filter chain", part(explanation, "filter_chain").text("name"));
        add(way, "virtual host", part(explanation, "virtual_host").text("name"));
        if (Boolean.TRUE.equals(part(explanation, "route").facts().get("found"))) {
            add(way, "route", part(explanation, "route").text("name"));
        }
        add(way, "cluster", part(explanation, "cluster").text("name"));
        Explanation outcome = part(explanation, "outcome");
        Map<String, Object> facts = outcome.facts();
        StringBuilder end = new StringBuilder();
        if (facts.containsKey("status")) {
            end.append(outcome.text("what"))
                    .append(": ")
                    .append(facts.get("status"))
                    .append(' ')
                    .append(outcome.text("details"));
        } else if (facts.containsKey("what")) {
            end.append(outcome.text("what"));
            String details = outcome.text("details");
            end.append(details == null ? "" : ": " + details);
        }
        way.add(end.isEmpty() ? word(explanation) : end.toString());
        return String.join(" > ", way)
                + filters(explanation, "assumed", "asked; the answers here taken as OK: ")
                + filters(explanation, "not_run", "runs, not run here: ");
    }

    /** A line of the filters in a list, or nothing. */
    private static String filters(Explanation explanation, String list, String words) {
        if (!(explanation.facts().get(list) instanceof List<?> items)) {
            return "";
        }
        return items.stream()
                .filter(Explanation.class::isInstance)
                .map(item -> String.valueOf(((Explanation) item).text("filter")))
                .collect(Collectors.joining(", ", "\n" + words, ""));
    }

    private static void add(List<String> way, String what, @Nullable String name) {
        if (name != null) {
            way.add(what + " " + (name.isEmpty() ? "''" : name));
        }
    }

    private static Explanation part(Explanation explanation, String name) {
        return explanation.facts().get(name) instanceof Explanation part ? part : new Explanation();
    }
}
