/** From the text of an expression to its tree: tokens, precedence, the macro {@code has}. */
@NullMarked
package dev.attache.filters.cel.syntax;

import org.jspecify.annotations.NullMarked;
