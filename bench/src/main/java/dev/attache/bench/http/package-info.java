/**
 * What the HTTP codecs cost: a request read and a response written, without sockets, filters and
 * routing. Run with {@code -prof gc} to see that HTTP/1 allocates nothing that grows with headers.
 */
@NullMarked
package dev.attache.bench.http;

import org.jspecify.annotations.NullMarked;
