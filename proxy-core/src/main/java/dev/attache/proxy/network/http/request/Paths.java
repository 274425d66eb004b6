package dev.attache.proxy.network.http.request;

/** Path normalisation. */
public record Paths(
        boolean normalize,
        boolean mergeSlashes,
        EscapedSlashes escapedSlashes,
        boolean rejectFragment) {}
