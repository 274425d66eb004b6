/**
 * Compiles {@code core.v3.HttpProtocolOptions}, {@code Http1ProtocolOptions} and {@code
 * Http2ProtocolOptions}, which listeners and clusters share.
 */
@NullMarked
package dev.attache.config.http;

import org.jspecify.annotations.NullMarked;
