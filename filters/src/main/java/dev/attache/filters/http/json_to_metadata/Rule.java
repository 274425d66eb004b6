package dev.attache.filters.http.json_to_metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule. Immutable.
 *
 * @param path names of fields, from the outermost on; at least one
 * @param present what becomes of a value that was found; null = nothing
 * @param missing written where there is none; null = nothing
 * @param error written where the body is no JSON, or said to be something else; null = nothing
 */
record Rule(
        List<String> path,
        @Nullable Target present,
        @Nullable Target missing,
        @Nullable Target error) {
    Rule {
        path = List.copyOf(path);
    }
}
