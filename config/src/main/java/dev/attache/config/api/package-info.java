/**
 * What Envoy 1.40 has beyond the message classes in use: extensions by name and type, fields and
 * enum values.
 */
@NullMarked
package dev.attache.config.api;

import org.jspecify.annotations.NullMarked;
