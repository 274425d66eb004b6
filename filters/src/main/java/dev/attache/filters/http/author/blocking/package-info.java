/**
 * Blocking filters: messages that are held while an author's code has them on a virtual thread, and
 * how that thread takes turns with the worker.
 */
@NullMarked
package dev.attache.filters.http.author.blocking;

import org.jspecify.annotations.NullMarked;
