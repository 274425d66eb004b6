package dev.attache.config.validate;

import java.util.Optional;

/** Says what is wrong with a value, if anything. */
interface ValueCheck {
    Optional<String> reason(Object value);

    /** The first reason of the two. */
    default ValueCheck and(ValueCheck other) {
        if (this == Unchecked.NONE) {
            return other;
        }
        return value -> {
            Optional<String> first = reason(value);
            return first.isPresent() ? first : other.reason(value);
        };
    }
}
