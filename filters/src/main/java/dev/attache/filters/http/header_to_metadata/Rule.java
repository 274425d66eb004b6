package dev.attache.filters.http.header_to_metadata;

import dev.attache.proxy.matching.Regex;
import org.jspecify.annotations.Nullable;

/**
 * One rule. Immutable.
 *
 * @param present what becomes of a value that was found; null = nothing
 * @param missing what is written where there is none; null = nothing
 * @param rewrite changes what was found; null = it stays as it is
 * @param substitution octets, with RE2's references to groups
 */
record Rule(
        Selector selector,
        @Nullable Target present,
        @Nullable Target missing,
        @Nullable Regex rewrite,
        String substitution) {}
