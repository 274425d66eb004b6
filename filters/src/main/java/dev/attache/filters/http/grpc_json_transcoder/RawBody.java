package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.Unfit;
import dev.attache.filters.http.grpc_json_transcoder.json.WireIn;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a {@code google.api.HttpBody} says; all its occurrences are one, and what has another type
 * on the wire is no field of it.
 */
final class RawBody {
    private static final int LENGTH_DELIMITED = 2;

    /** Octets. */
    String contentType = "";

    byte[] data = new byte[0];

    private RawBody() {}

    /**
     * Of a message.
     *
     * @param path the fields that lead to it
     * @throws Unfit the bytes are no message
     */
    static RawBody read(byte[] message, List<FieldType> path) throws Unfit {
        RawBody body = new RawBody();
        body.merge(message, path);
        return body;
    }

    private void merge(byte[] message, List<FieldType> path) throws Unfit {
        WireIn in = new WireIn(message);
        while (in.at() < message.length) {
            int tag = (int) in.varint();
            int number = tag >>> 3;
            int wireType = tag & 7;
            boolean wanted = path.isEmpty() ? number <= 2 : number == path.getFirst().number();
            if (!wanted || wireType != LENGTH_DELIMITED) {
                in.skip(number, wireType);
                continue;
            }
            byte[] content = in.bytes(in.limit() - in.at());
            if (!path.isEmpty()) {
                merge(content, path.subList(1, path.size()));
            } else if (number == 1) {
                contentType = new String(content, StandardCharsets.ISO_8859_1);
            } else {
                data = content;
            }
        }
    }
}
