/**
 * Which fields of which messages are honoured. Each compiling class declares its messages; a field
 * that is set but not honoured is refused with its path, never ignored. The same declarations
 * become docs/extensions.md and the output of {@code attache support}.
 */
@NullMarked
package dev.attache.config.support;

import org.jspecify.annotations.NullMarked;
