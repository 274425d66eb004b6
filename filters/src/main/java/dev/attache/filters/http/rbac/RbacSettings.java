package dev.attache.filters.http.rbac;

import dev.attache.filters.rbac.AccessEngine;
import org.jspecify.annotations.Nullable;

/**
 * What one filter, or one route, decides by. Immutable.
 *
 * @param enforced null = all pass
 * @param shadow null = none
 * @param perPolicy {@code track_per_rule_stats}
 */
record RbacSettings(
        @Nullable AccessEngine enforced, @Nullable AccessEngine shadow, boolean perPolicy) {}
