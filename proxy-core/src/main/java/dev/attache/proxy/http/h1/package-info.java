/**
 * HTTP/1.1 (RFC 9112) over the bytes as received, both sides. Heads are copied once into {@link
 * dev.attache.proxy.http.Headers} and parsed there; bodies pass as slices; messages are written
 * into the connection's open buffer. Steady state allocates nothing per request: one stream object
 * and one set of headers serve a connection for its life.
 *
 * <p>The one place that decides what is a valid HTTP/1 message. Statuses and details of refusals
 * are Envoy's. Where Envoy is laxer than RFC 9112 in a way that helps smuggling (several spaces or
 * tabs in the request line, two {@code Host} fields, bare CR in a value, octets between chunk data
 * and its CRLF, text after a chunk size), we refuse with {@code http1.codec_error}.
 */
@NullMarked
package dev.attache.proxy.http.h1;

import org.jspecify.annotations.NullMarked;
