/**
 * What control planes sent and what it changed, kept within bounds for {@code /xds} and whoever
 * asks afterwards. Main loop only; what it hands out is immutable.
 */
@NullMarked
package dev.attache.server.plane.history;

import org.jspecify.annotations.NullMarked;
