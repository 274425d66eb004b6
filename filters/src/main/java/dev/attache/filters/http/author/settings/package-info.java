/** Settings as authors read them, each with its place. */
@NullMarked
package dev.attache.filters.http.author.settings;

import org.jspecify.annotations.NullMarked;
