package dev.attache.proxy.network;

/**
 * One entry of a chain's {@code filters}. Immutable.
 *
 * @param name as configured; logs and details say it
 */
public record NetworkFilterEntry(String name, NetworkFilterSpec spec) {}
