/**
 * HTTP between codec and filters: one header representation, one way for a message to move ({@link
 * dev.attache.proxy.http.HttpSink}), and what a codec is. Codecs live in {@code http.h1} and {@code
 * http.h2}.
 *
 * <p>Inside, every message has HTTP/2's shape: pseudo headers first, lower-case names, and upgrades
 * in HTTP/1 form ({@code GET} with {@code connection: upgrade} and {@code upgrade: x}), as in
 * Envoy; codecs translate at the edge.
 */
@NullMarked
package dev.attache.proxy.http;

import org.jspecify.annotations.NullMarked;
