/**
 * The process log of the request path: what each component says at debug and trace, switched on and
 * off while requests run. Off, a message costs one look at a field; its text is built only where it
 * will be written. What is said stands beside who says it: {@code RouterLog}, {@code PoolLog}…
 */
@NullMarked
package dev.attache.proxy.log;

import org.jspecify.annotations.NullMarked;
