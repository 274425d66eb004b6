package com.example.mask;

import dev.attache.filter.Counter;
import dev.attache.filter.Filter;
import dev.attache.filter.FilterPlan;
import dev.attache.filter.OverridableFilterFactory;
import dev.attache.filter.Settings;

/** A whole streaming filter: masks what looks like a card's number in responses. */
public final class MaskFilterFactory implements OverridableFilterFactory {

    @Override
    public String name() {
        return "com.example.mask";
    }

    @Override
    public FilterPlan configure(Settings settings) {
        Rules rules = rules(settings);
        return scope -> {
            Counter masked = scope.counter("mask.numbers", "action", "masked");
            Counter left = scope.counter("mask.numbers", "action", "left");
            return Filter.streaming(() -> new MaskFilter(rules, masked, left));
        };
    }

    @Override
    public Object override(Settings settings) {
        return rules(settings);
    }

    private static Rules rules(Settings settings) {
        settings.only("enabled", "least_digits", "count_trailer");
        return new Rules(
                settings.flag("enabled", true),
                (int) settings.integer("least_digits", 13, 8, 19),
                settings.text("count_trailer", ""));
    }

    /**
     * Of the filter, or of a route, which replaces those.
     *
     * @param leastDigits shorter numbers are left as they are
     * @param countTrailer in which trailer the number of masked ones is told; empty: none
     */
    record Rules(boolean enabled, int leastDigits, String countTrailer) {}
}
