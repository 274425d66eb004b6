package dev.attache.filters.cel.value;

/** The value {@code null}. */
public enum Null {
    NULL
}
