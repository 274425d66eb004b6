/** Compiles {@code envoy.config.listener.v3}: listeners, filter chains and their match. */
@NullMarked
package dev.attache.config.listener;

import org.jspecify.annotations.NullMarked;
