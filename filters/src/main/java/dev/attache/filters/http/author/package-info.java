/**
 * Filters of authors outside, written against {@code dev.attache.filter}: what makes an HTTP filter
 * of the engine of each. {@link dev.attache.filters.http.author.AuthorExtensions} is the way in.
 * Nothing here runs in a chain that has no such filter.
 */
@NullMarked
package dev.attache.filters.http.author;

import org.jspecify.annotations.NullMarked;
