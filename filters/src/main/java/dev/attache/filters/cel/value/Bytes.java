package dev.attache.filters.cel.value;

/**
 * A value of type {@code bytes}.
 *
 * @param octets one character for each
 */
public record Bytes(String octets) {}
