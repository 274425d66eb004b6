/**
 * JSON to protobuf's wire format and back, by a schema, with the leniency and the error texts of
 * the converters that Envoy uses. All text is octets: one char for each byte of UTF-8.
 */
@NullMarked
package dev.attache.filters.http.grpc_json_transcoder.json;

import org.jspecify.annotations.NullMarked;
