/**
 * Prints messages as Envoy does, from their bytes and by the table of the API: no descriptors, no
 * recursion, a piece at a time.
 */
@NullMarked
package dev.attache.server.admin.message;

import org.jspecify.annotations.NullMarked;
