package dev.attache.filters.cel.value;

/**
 * A {@code uint}.
 *
 * @param bits of the unsigned number
 */
public record Uint(long bits) {

    /** The nearest number of 64 bits with a fraction. */
    public double real() {
        // Half of it with the lowest bit kept rounds as the whole does.
        return bits >= 0 ? (double) bits : 2 * (double) (bits >>> 1 | bits & 1);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
