/**
 * Sources of configuration, seen from the proxy: the main loop that they run on, the way to control
 * planes through the proxy's own clusters, and their statistics.
 */
@NullMarked
package dev.attache.server.source;

import org.jspecify.annotations.NullMarked;
