package dev.attache.config.core;

import dev.attache.config.extension.CompileContext;
import dev.attache.config.runtime.Fraction;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.type.v3.FractionalPercent;

/** {@code envoy.type.v3.FractionalPercent} and its runtime form. */
public final class Fractions {
    private Fractions() {}

    public static Fraction compile(FractionalPercent percent, CompileContext context) {
        int denominator =
                switch (percent.getDenominator()) {
                    case HUNDRED -> 100;
                    case TEN_THOUSAND -> 10_000;
                    case MILLION -> 1_000_000;
                    case UNRECOGNIZED -> 0;
                };
        if (denominator == 0) {
            context.at("denominator").error("value must be one of the defined enum values");
            return new Fraction(0, 100);
        }
        long numerator = Integer.toUnsignedLong(percent.getNumerator());
        return new Fraction((int) Math.min(numerator, denominator), denominator);
    }

    /** The value in force now: runtime's if the key is set there, else the default. */
    public static Fraction compile(RuntimeFractionalPercent percent, CompileContext context) {
        Fraction fallback =
                percent.hasDefaultValue()
                        ? compile(percent.getDefaultValue(), context.at("default_value"))
                        : new Fraction(0, 100);
        return context.settings().runtime().fraction(percent.getRuntimeKey()).orElse(fallback);
    }
}
