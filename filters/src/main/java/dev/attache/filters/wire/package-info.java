/**
 * Protobuf messages on their way out, written field by field without objects in between: for what
 * is sent with each request, such as entries of logs. Facts: the encoding of protobuf, {@code
 * https://protobuf.dev/programming-guides/encoding/}. Beside them forms of text that several rooms
 * read and write: Base64, queries.
 */
@NullMarked
package dev.attache.filters.wire;

import org.jspecify.annotations.NullMarked;
