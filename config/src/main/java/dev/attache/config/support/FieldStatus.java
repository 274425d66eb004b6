package dev.attache.config.support;

/** What happens to a field that is set. */
public enum FieldStatus {
    /** Does what Envoy's documentation says. */
    HONOURED,
    /** Accepted; cannot apply here or changes nothing that a user could observe. */
    NO_EFFECT,
    /** Rejected with its path: it would change behaviour and is not built. */
    REFUSED
}
