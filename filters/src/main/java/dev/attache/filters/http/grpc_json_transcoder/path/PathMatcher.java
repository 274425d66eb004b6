package dev.attache.filters.http.grpc_json_transcoder.path;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All templates of the services that are transcoded, and what path and query of a request say by
 * them. Immutable once built.
 *
 * @param <T> what a template leads to
 */
public final class PathMatcher<T> {
    private final PathNode<Target<T>> root = new PathNode<>();
    private final Set<String> verbs = new HashSet<>();
    private final Options options;

    /**
     * How requests are read.
     *
     * @param ignored query parameters that are no fields
     * @param plus whether a plus sign in the query stands for a blank
     * @param anyVerb whether what follows the last colon is a verb though no template has it
     */
    public record Options(
            Unescaping unescaping, Set<String> ignored, boolean plus, boolean anyVerb) {

        public Options {
            ignored = Set.copyOf(ignored);
        }
    }

    private record Target<T>(T target, List<PathTemplate.Variable> variables) {}

    /** A request that is one of a template, and what it says. */
    public record Match<T>(T target, List<Binding> bindings) {}

    public PathMatcher(Options options) {
        this.options = options;
    }

    /** False where {@code template} is none. */
    public boolean add(String method, String template, T target) {
        PathTemplate parsed = PathTemplate.parse(template);
        if (parsed == null) {
            return false;
        }
        root.insert(
                parsed.segments(),
                method + parsed.verb(),
                new Target<>(target, parsed.variables()));
        if (!parsed.verb().isEmpty()) {
            verbs.add(parsed.verb());
        }
        return true;
    }

    /**
     * Null where no template is meant, or two are.
     *
     * @param path without the query
     */
    public @Nullable Match<T> match(String method, String path, String query) {
        String verb = verb(path);
        String bare = verb.isEmpty() ? path : path.substring(0, path.lastIndexOf(':'));
        List<String> segments = segments(bare);
        PathNode.Entry<Target<T>> found = root.find(segments, 0, method + verb);
        if (found == null || found.ambiguous()) {
            return null;
        }
        List<Binding> bindings = new ArrayList<>();
        for (PathTemplate.Variable variable : found.target().variables()) {
            bindings.add(
                    new Binding(variable.field(), variable.value(segments, options.unescaping())));
        }
        parameters(query, bindings);
        return new Match<>(found.target().target(), bindings);
    }

    private String verb(String path) {
        int colon = path.lastIndexOf(':');
        if (colon < 0 || colon < path.lastIndexOf('/')) {
            return "";
        }
        String verb = path.substring(colon + 1);
        return options.anyVerb() || verbs.contains(verb) ? verb : "";
    }

    private static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        if (!path.isEmpty()) {
            segments.addAll(List.of(path.substring(1).split("/", -1)));
        }
        while (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    private void parameters(String query, List<Binding> bindings) {
        for (String parameter : query.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (equals > 0 && !options.ignored().contains(parameter.substring(0, equals))) {
                bindings.add(
                        new Binding(
                                List.of(parameter.substring(0, equals).split("\\.", -1)),
                                Unescaping.ALL_CHARACTERS.decode(
                                        parameter.substring(equals + 1), options.plus())));
            }
        }
    }
}
