/** The list of built-in extensions. */
@NullMarked
package dev.attache.filters;

import org.jspecify.annotations.NullMarked;
