package dev.attache.config.runtime;

/** Numerator of denominator, where the denominator is 100, 10,000 or 1,000,000. */
public record Fraction(int numerator, int denominator) {
    /** All of it. */
    public static final Fraction ALWAYS = new Fraction(100, 100);

    /** None of it. */
    public static final Fraction NEVER = new Fraction(0, 100);

    /** Whether a random value, of which all 64 bits count, falls into the fraction. */
    public boolean includes(long random) {
        return Long.remainderUnsigned(random, denominator) < numerator;
    }
}
