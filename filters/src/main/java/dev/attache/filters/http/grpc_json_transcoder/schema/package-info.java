/** What a proto descriptor set says of messages, enums and methods, as plain objects. */
@NullMarked
package dev.attache.filters.http.grpc_json_transcoder.schema;

import org.jspecify.annotations.NullMarked;
