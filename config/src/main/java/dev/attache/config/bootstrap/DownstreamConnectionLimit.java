package dev.attache.config.bootstrap;

/** {@code downstream_connections} resource monitor: accepted connections of the whole process. */
public record DownstreamConnectionLimit(long max) {}
