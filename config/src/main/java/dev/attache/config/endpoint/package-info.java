/** Compiles {@code envoy.config.endpoint.v3}: load assignments, static ones and those of EDS. */
@NullMarked
package dev.attache.config.endpoint;

import org.jspecify.annotations.NullMarked;
