/** The extensions that Envoy 1.40 has, by name and type. */
@NullMarked
package dev.attache.config.api;

import org.jspecify.annotations.NullMarked;
