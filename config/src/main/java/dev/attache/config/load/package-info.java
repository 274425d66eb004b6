/**
 * Reads configuration files into protobuf messages: file type by extension, YAML with the scalar
 * rules of Envoy's YAML reader, JSON with the leniency of Envoy's JSON parser, text and binary
 * protobuf. Keeps the line and column of every field. Type URLs are resolved lazily: the
 * descriptors of the whole Envoy API take some 68 MB, a configuration uses a fraction.
 *
 * <p>Envoy: source/common/protobuf (behaviour), protobuf's JSON mapping with legacy syntax allowed.
 */
@NullMarked
package dev.attache.config.load;

import org.jspecify.annotations.NullMarked;
