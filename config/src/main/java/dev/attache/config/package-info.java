/** Envoy API messages to specs. */
@NullMarked
package dev.attache.config;

import org.jspecify.annotations.NullMarked;
