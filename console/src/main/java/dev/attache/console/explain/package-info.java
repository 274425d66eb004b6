/**
 * {@code attache explain}: why a request goes where it goes, asked of a running proxy or of a file.
 * What is said comes from the code that serves; here it is only asked and shown.
 */
@NullMarked
package dev.attache.console.explain;

import org.jspecify.annotations.NullMarked;
