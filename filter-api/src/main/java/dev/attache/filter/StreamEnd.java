package dev.attache.filter;

/** How a stream ended. */
@Stable(since = "0.1")
public enum StreamEnd {
    /** The response was sent whole. */
    COMPLETE,
    /** The client reset the stream, or its connection is gone. */
    CLIENT_GONE,
    /** The proxy gave the stream up after the response had begun. */
    GIVEN_UP
}
