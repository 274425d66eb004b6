package dev.attache.proxy.pipeline;

/** How a stream ended, for {@link HttpFilter#onStreamEnd}. */
public enum StreamEnd {
    /** The response was sent whole. */
    COMPLETE,
    /** The client reset the stream or its connection is gone. */
    DOWNSTREAM_RESET,
    /** The proxy gave the stream up after the response had begun. */
    LOCAL_RESET
}
