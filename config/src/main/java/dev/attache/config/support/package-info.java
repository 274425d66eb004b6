/**
 * Which fields of a user's own messages are honoured. A field that is set but not honoured is
 * refused with its path, never ignored. Those of the API are declared as text, in the module of the
 * API; together they become docs/extensions.md and the output of {@code attache support}.
 */
@NullMarked
package dev.attache.config.support;

import org.jspecify.annotations.NullMarked;
