/** What an expression can come to, how values compare, and how they are printed. */
@NullMarked
package dev.attache.filters.cel.value;

import org.jspecify.annotations.NullMarked;
