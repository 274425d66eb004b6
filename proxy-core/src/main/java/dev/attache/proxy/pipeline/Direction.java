package dev.attache.proxy.pipeline;

/** Which way a message goes through the filters. */
public enum Direction {
    REQUEST,
    RESPONSE
}
