/**
 * {@code envoy.load_balancing_policies.maglev}, type URL {@code
 * envoy.extensions.load_balancing_policies.maglev.v3.Maglev}.
 */
@NullMarked
package dev.attache.filters.load_balancing.maglev;

import org.jspecify.annotations.NullMarked;
