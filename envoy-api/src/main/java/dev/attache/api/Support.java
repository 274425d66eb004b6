package dev.attache.api;

/**
 * What this proxy does with a field that is set.
 *
 * @param note why, where it is not simply honoured; else empty
 */
public record Support(Status status, String note) {
    /** How a set field is treated. */
    public enum Status {
        /** Does what Envoy's documentation says. */
        HONOURED,
        /** Accepted; cannot apply here or changes nothing that a user could observe. */
        NO_EFFECT,
        /** Rejected with its path: it would change behaviour and is not built. */
        REFUSED
    }
}
