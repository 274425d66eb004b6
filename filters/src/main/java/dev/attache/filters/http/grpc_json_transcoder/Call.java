package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import java.util.List;

/**
 * A method as requests reach it. Immutable.
 *
 * @param requestBody the fields that lead to what the body is; empty: the message itself
 * @param rawRequest the body is {@code google.api.HttpBody} and goes on as it is
 * @param rawResponse so is the response's
 */
record Call(
        Schema.Method method,
        List<FieldType> requestBody,
        boolean rawRequest,
        List<FieldType> responseBody,
        boolean rawResponse) {

    /**
     * Where a template leads.
     *
     * @param body the field that it says the body is, as it says it
     */
    record Target(Call call, String body) {}
}
