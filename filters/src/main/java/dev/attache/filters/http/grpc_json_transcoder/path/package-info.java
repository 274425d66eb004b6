/** Which method a request means: path templates of {@code google.api.http} and their variables. */
@NullMarked
package dev.attache.filters.http.grpc_json_transcoder.path;

import org.jspecify.annotations.NullMarked;
