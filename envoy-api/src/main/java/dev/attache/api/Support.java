package dev.attache.api;

import java.util.List;

/**
 * What this proxy does with a field that is set.
 *
 * @param note why, where it is not simply honoured; else empty
 * @param values names of the values of an enum that are honoured though its class does not have
 *     them
 */
public record Support(Status status, String note, List<String> values) {
    /** How a set field is treated. */
    public enum Status {
        /** Does what Envoy's documentation says. */
        HONOURED,
        /** Accepted; cannot apply here or changes nothing that a user could observe. */
        NO_EFFECT,
        /** Rejected with its path: it would change behaviour and is not built. */
        REFUSED
    }

    public Support {
        values = List.copyOf(values);
    }

    /** Without newer values of an enum. */
    public Support(Status status, String note) {
        this(status, note, List.of());
    }
}
