/**
 * What filters that write metadata share. No room of its own: it reads no message and is no
 * extension.
 */
@NullMarked
package dev.attache.filters.metadata;

import org.jspecify.annotations.NullMarked;
