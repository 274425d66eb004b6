package dev.attache.filters.cel.value;

/**
 * A {@code uint}.
 *
 * @param bits of the unsigned number
 */
public record Uint(long bits) {
    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
