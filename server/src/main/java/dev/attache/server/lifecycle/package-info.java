/**
 * A server from its start to its end: its state, what signals and drains do to it, the codes with
 * which its process ends, and the {@code server.*} statistics.
 */
@NullMarked
package dev.attache.server.lifecycle;

import org.jspecify.annotations.NullMarked;
