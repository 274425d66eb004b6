package dev.attache.config.validate.constraint;

import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a value, or null. A check overrides the method of the form in which
 * values of its field stand on the wire. Immutable, safe on any thread.
 */
public abstract class ValueCheck {
    /**
     * @param value an integer, a boolean (0 or 1) or an enum's number; of an unsigned 64-bit kind
     *     its bits
     */
    public @Nullable String number(long value) {
        return null;
    }

    /** Of a float or a double. */
    public @Nullable String real(double value) {
        return null;
    }

    /**
     * Of a string, bytes, or a message.
     *
     * @param from where it begins in {@code bytes}
     * @param to where it ends
     * @throws MalformedMessageException if a message cannot be read
     */
    public @Nullable String span(byte[] bytes, int from, int to) throws MalformedMessageException {
        return null;
    }
}
