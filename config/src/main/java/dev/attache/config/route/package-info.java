/** Compiles {@code envoy.config.route.v3}: route configurations, virtual hosts, routes. */
@NullMarked
package dev.attache.config.route;

import org.jspecify.annotations.NullMarked;
