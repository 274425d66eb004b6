package dev.attache.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code typed_per_filter_config}: the filter's own compiled override, or only that it
 * is switched off or on, and behind it the entries of less specific levels. What several versions
 * of a factory made of one entry stands one behind the other, the youngest first. Immutable.
 *
 * @param config what the filter's factory made of it; null when only {@code disabled} is said
 * @param disabled null = not said
 * @param outer the entry of the next less specific level, or null
 */
public record FilterOverride(
        @Nullable Object config, @Nullable Boolean disabled, @Nullable FilterOverride outer) {

    /** Under this key stands what the deprecated {@code cors} fields say. No filter is named so. */
    public static final String CORS_FIELD = "deprecated field: cors";

    /** An entry of one level alone. */
    public FilterOverride(@Nullable Object config, @Nullable Boolean disabled) {
        this(config, disabled, null);
    }

    /** This entry, with what it stands before already, before those of the level around it. */
    public FilterOverride within(@Nullable FilterOverride around) {
        return new FilterOverride(config, disabled, outer == null ? around : outer.within(around));
    }
}
