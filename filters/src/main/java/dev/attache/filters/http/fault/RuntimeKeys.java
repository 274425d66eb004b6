package dev.attache.filters.http.fault;

import dev.attache.config.runtime.Fraction;
import dev.attache.config.runtime.RuntimeValues;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where runtime may replace a setting: under one key, or for requests of a known downstream service
 * cluster under {@code fault.http.<cluster>.<suffix>}. Immutable.
 */
record RuntimeKeys(RuntimeValues values, String key, String suffix) {

    Optional<Fraction> fraction(@Nullable String origin) {
        return values.values().isEmpty() ? Optional.empty() : values.fraction(key(origin));
    }

    Optional<Long> integer(@Nullable String origin) {
        return values.values().isEmpty() ? Optional.empty() : values.integer(key(origin));
    }

    private String key(@Nullable String origin) {
        return origin == null ? key : "fault.http." + origin + "." + suffix;
    }
}
