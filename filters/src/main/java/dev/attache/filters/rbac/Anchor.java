package dev.attache.filters.rbac;

/**
 * One exact value that a policy cannot do without. Immutable.
 *
 * @param value octets
 */
record Anchor(Dimension dimension, String value) {}
