package dev.attache.filters.http.ext_proc;

/** Envoy's {@code ProcessingEffect}, in its order, whose numbers logs show. */
enum Effect {
    NONE,
    APPLIED,
    INVALID,
    TOO_LARGE,
    FAILED
}
