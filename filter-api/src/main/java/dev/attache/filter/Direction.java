package dev.attache.filter;

/** Which of a stream's two messages is meant. */
@Stable(since = "0.1")
public enum Direction {
    REQUEST,
    RESPONSE
}
