/**
 * A new process takes the place of one that serves, without a gap: listening sockets are handed
 * over as descriptors, statistics go on, connections in progress finish where they are. What Envoy
 * calls hot restart, with its flags, over a protocol of its own. {@link
 * dev.attache.server.restart.HotRestart} is both ends of it.
 */
@NullMarked
package dev.attache.server.restart;

import org.jspecify.annotations.NullMarked;
