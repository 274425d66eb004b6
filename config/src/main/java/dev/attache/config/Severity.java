package dev.attache.config;

/** How much a {@link Diagnostic} matters: an error rejects the resource, a warning does not. */
public enum Severity {
    ERROR,
    WARNING
}
