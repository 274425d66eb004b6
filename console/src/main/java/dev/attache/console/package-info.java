/**
 * The commands that ask a running proxy over its admin port: {@code attache explain}, {@code
 * attache xds}, {@code attache top}. Blocking code on one thread, for people and scripts; nothing
 * of it runs in the proxy.
 */
@NullMarked
package dev.attache.console;

import org.jspecify.annotations.NullMarked;
