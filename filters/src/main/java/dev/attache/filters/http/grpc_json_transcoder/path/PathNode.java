package dev.attache.filters.http.grpc_json_transcoder.path;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A segment of the templates that share a beginning. Literals go before {@code *}, that before
 * {@code **}; a way that leads nowhere is left again.
 */
final class PathNode<T> {
    private static final String ANY_VERB = "*";

    private final Map<String, PathNode<T>> children = new HashMap<>();
    private final Map<String, Entry<T>> entries = new HashMap<>();
    private boolean rest;

    /** What stands at the end of a template; where two do, none of them is meant. */
    record Entry<T>(T target, boolean ambiguous) {}

    void insert(List<String> segments, String verb, T target) {
        PathNode<T> node = this;
        for (String segment : segments) {
            node = node.children.computeIfAbsent(segment, s -> new PathNode<>());
            node.rest |= segment.equals(PathTemplate.REST);
        }
        boolean second = node.entries.containsKey(verb);
        node.entries.put(verb, new Entry<>(target, second));
    }

    @Nullable Entry<T> find(List<String> path, int from, String verb) {
        int at = from;
        while (at < path.size()) {
            Entry<T> found = under(path.get(at), path, at, verb);
            if (found != null) {
                return found;
            }
            if (!rest) {
                found = under(PathTemplate.ONE, path, at, verb);
                return found != null ? found : under(PathTemplate.REST, path, at, verb);
            }
            at++;
        }
        Entry<T> here = entry(verb);
        PathNode<T> any = children.get(PathTemplate.REST);
        return here != null || any == null ? here : any.entry(verb);
    }

    private @Nullable Entry<T> under(String segment, List<String> path, int at, String verb) {
        PathNode<T> child = children.get(segment);
        return child == null ? null : child.find(path, at + 1, verb);
    }

    private @Nullable Entry<T> entry(String verb) {
        Entry<T> entry = entries.get(verb);
        return entry != null ? entry : entries.get(ANY_VERB);
    }
}
