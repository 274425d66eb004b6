/**
 * What a client says first: its hello, read from the bytes before any TLS engine sees them, and
 * what is wrong with bytes that are none.
 */
@NullMarked
package dev.attache.proxy.tls.hello;

import org.jspecify.annotations.NullMarked;
