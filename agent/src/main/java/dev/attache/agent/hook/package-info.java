/**
 * The commands that lifecycle hooks and probes run: {@code wait} and {@code request}. They start in
 * a moment, for nothing is loaded but the JDK's sockets and what is here and in {@code http}.
 */
@NullMarked
package dev.attache.agent.hook;

import org.jspecify.annotations.NullMarked;
