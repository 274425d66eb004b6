package dev.attache.config.runtime;

/** Numerator of denominator, where the denominator is 100, 10,000 or 1,000,000. */
public record Fraction(int numerator, int denominator) {}
