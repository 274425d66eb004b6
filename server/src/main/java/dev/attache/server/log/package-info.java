/**
 * The log: an SLF4J provider with Envoy's components, levels and line format.
 *
 * <p>A logger's name is its component ({@code config}, {@code upstream}, {@code main} …); loggers
 * named after classes belong to the component of their package. Lines are written by a thread of
 * their own, so that no worker ever waits for a terminal or disk; what does not fit its queue is
 * dropped and counted.
 */
@NullMarked
package dev.attache.server.log;

import org.jspecify.annotations.NullMarked;
