/**
 * Reads configuration files into protobuf messages: file type by extension, YAML with the scalar
 * rules of Envoy's YAML reader, JSON with the leniency of Envoy's JSON parser, text and binary
 * protobuf. A text becomes a tree of nodes, the tree the bytes of the message by the table of the
 * API, and the message's own parser reads these once: no descriptor is touched. Where a field
 * stands is looked up in the tree when it has to be told.
 *
 * <p>Envoy: source/common/protobuf (behaviour), protobuf's JSON mapping with legacy syntax allowed.
 */
@NullMarked
package dev.attache.config.load;

import org.jspecify.annotations.NullMarked;
