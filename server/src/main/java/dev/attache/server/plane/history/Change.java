package dev.attache.server.plane.history;

/** What a response did to a resource. */
public enum Change {
    ADDED,
    CHANGED,
    REMOVED
}
