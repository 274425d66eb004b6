/**
 * One stream, and what is around it on its worker, as authors see them: views of the engine's
 * objects, which are the worker's.
 */
@NullMarked
package dev.attache.filters.http.author.stream;

import org.jspecify.annotations.NullMarked;
