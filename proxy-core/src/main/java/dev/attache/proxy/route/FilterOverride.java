package dev.attache.proxy.route;

import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code typed_per_filter_config}: the filter's own compiled override, or only that it
 * is switched off or on. Immutable.
 *
 * @param config what the filter's factory made of it; null when only {@code disabled} is said
 * @param disabled null = not said
 */
public record FilterOverride(@Nullable Object config, @Nullable Boolean disabled) {}
