/**
 * {@code envoy.load_balancing_policies.subset}, type URL {@code
 * envoy.extensions.load_balancing_policies.subset.v3.Subset}.
 */
@NullMarked
package dev.attache.filters.load_balancing.subset;

import org.jspecify.annotations.NullMarked;
