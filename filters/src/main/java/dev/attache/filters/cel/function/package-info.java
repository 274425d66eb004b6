/** The functions that expressions may call, by name, style and number of arguments. */
@NullMarked
package dev.attache.filters.cel.function;

import org.jspecify.annotations.NullMarked;
