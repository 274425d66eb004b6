/** Compiles {@code envoy.config.bootstrap.v3.Bootstrap} and knows what core resources support. */
@NullMarked
package dev.attache.config.bootstrap;

import org.jspecify.annotations.NullMarked;
