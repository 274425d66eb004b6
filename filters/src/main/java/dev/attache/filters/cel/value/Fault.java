package dev.attache.filters.cel.value;

/**
 * What comes of an evaluation that failed: an attribute that is not there, a function without an
 * overload for its arguments, an overflow. Nobody is told which, so there is one.
 */
public enum Fault {
    FAULT
}
