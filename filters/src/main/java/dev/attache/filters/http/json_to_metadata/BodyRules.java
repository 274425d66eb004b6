package dev.attache.filters.http.json_to_metadata;

import dev.attache.proxy.matching.Regex;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is done with bodies of one direction. Immutable.
 *
 * @param rules empty = nothing
 * @param contentTypes values of {@code content-type} that are read, whole
 * @param contentTypesRegex further ones, or null
 * @param emptyContentType whether bodies without one are read
 */
record BodyRules(
        List<Rule> rules,
        Set<String> contentTypes,
        @Nullable Regex contentTypesRegex,
        boolean emptyContentType) {
    BodyRules {
        rules = List.copyOf(rules);
        contentTypes = Set.copyOf(contentTypes);
    }

    /** Whether a body of that type is read. */
    boolean reads(@Nullable String contentType) {
        if (contentType == null || contentType.isEmpty()) {
            return emptyContentType;
        }
        return contentTypes.contains(contentType)
                || contentTypesRegex != null && contentTypesRegex.matches(contentType);
    }
}
