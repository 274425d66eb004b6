package dev.attache.filter;

/** Sees each part of a message as it comes, by one {@link StreamHandler} for each stream. */
@FunctionalInterface
@Stable(since = "0.1", implementedByAuthors = true)
public non-sealed interface StreamingFilter extends Filter {

    /** On the worker, when a stream begins; what it throws costs that stream. */
    StreamHandler newStream();
}
