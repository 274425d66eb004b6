/** The launcher entry point. */
@NullMarked
package dev.attache.packaging;

import org.jspecify.annotations.NullMarked;
