package dev.attache.config.load;

/** What to do about a field that the message type does not have. */
public enum UnknownFieldPolicy {
    /**
     * Default for static configuration, and for dynamic one with --reject-unknown-dynamic-fields.
     */
    REJECT,
    /** Default for dynamic configuration; for static one with --allow-unknown-static-fields. */
    WARN,
    /** --ignore-unknown-dynamic-fields. */
    IGNORE
}
