package dev.attache.proxy.route;

import java.util.ArrayList;
import java.util.List;
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

    /** The most specific entry, from {@code entry} outwards, that has settings of that kind. */
    public static <T> @Nullable T first(@Nullable FilterOverride entry, Class<T> type) {
        FilterOverride level = entry;
        while (level != null && !type.isInstance(level.config())) {
            level = level.outer();
        }
        return level == null ? null : type.cast(level.config());
    }

    /** All settings of that kind, the most specific first. */
    public static <T> List<T> all(@Nullable FilterOverride entry, Class<T> type) {
        if (entry == null) {
            return List.of();
        }
        List<T> found = new ArrayList<>(3);
        for (FilterOverride level = entry; level != null; level = level.outer()) {
            if (type.isInstance(level.config())) {
                found.add(type.cast(level.config()));
            }
        }
        return found;
    }
}
