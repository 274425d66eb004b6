package dev.attache.filters.http.grpc_json_transcoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Delimiter;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Requests;
import dev.attache.filters.http.grpc_json_transcoder.TranscoderSettings.Responses;
import dev.attache.filters.http.grpc_json_transcoder.json.JsonPrinter;
import dev.attache.filters.http.grpc_json_transcoder.path.PathMatcher;
import dev.attache.filters.http.grpc_json_transcoder.path.Unescaping;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import dev.attache.proxy.http.grpc.GrpcFrames;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Messages of a response, cut anywhere, as one JSON text or as a stream of them. */
class ResponseMessagesTest {
    private static final Schema SCHEMA = TestSchemas.small();
    private static final MessageType TYPE = Objects.requireNonNull(SCHEMA.messages().get("t.M"));
    private static final byte[] TWO = {0, 0, 0, 0, 2, 16, 1, 0, 0, 0, 0, 2, 16, 2};

    static TranscoderSettings settings(Delimiter delimiter) {
        return new TranscoderSettings(
                false,
                SCHEMA,
                new PathMatcher<>(
                        new PathMatcher.Options(Unescaping.ALL_CHARACTERS, Set.of(), false, false)),
                new JsonPrinter(SCHEMA, new JsonPrinter.Options(false, false, false, false)),
                new Requests(false, false, false, false, false, false, false, -1),
                new Responses(delimiter, false, -1));
    }

    private static ResponseMessages messages(boolean stream, Delimiter delimiter) {
        Schema.Method method = new Schema.Method("t.S", "M", TYPE, TYPE, false, stream, null);
        return new ResponseMessages(
                settings(delimiter),
                new Call(method, List.of(), false, List.of(), false),
                new GrpcFrames(null));
    }

    private static String read(ResponseMessages messages, byte... bytes) {
        StringBuilder out = new StringBuilder();
        for (byte octet : bytes) {
            out.append(messages.read(Unpooled.wrappedBuffer(new byte[] {octet})));
        }
        return out.append(messages.finish()).toString();
    }

    @Test
    void aStreamIsAListOrLinesOrEvents() {
        assertThat(read(messages(true, Delimiter.LIST), TWO)).isEqualTo("[{\"n\":1},{\"n\":2}]");
        assertThat(read(messages(true, Delimiter.NEWLINE), TWO))
                .isEqualTo("{\"n\":1}\n{\"n\":2}\n");
        assertThat(read(messages(true, Delimiter.SSE), TWO))
                .isEqualTo("data: {\"n\":1}\n\ndata: {\"n\":2}\n\n");
        assertThat(read(messages(true, Delimiter.LIST))).isEqualTo("[]");
        assertThat(read(messages(true, Delimiter.SSE))).isEmpty();
    }

    @Test
    void ofOneMessageTheRestIsKeptAsBytesOnly() {
        ResponseMessages one = messages(false, Delimiter.LIST);
        assertThat(read(one, TWO)).isEqualTo("{\"n\":1}");
        assertThat(one.kept()).isEqualTo(7);
        assertThat(one.error()).isNull();
    }

    @Test
    void whatIsCutShortIsToldInAStreamToo() {
        for (boolean stream : new boolean[] {false, true}) {
            ResponseMessages message = messages(stream, Delimiter.LIST);
            assertThat(read(message, new byte[] {0, 0, 0, 0, 5, 16})).isEmpty();
            assertThat(message.error())
                    .isEqualTo("Incomplete gRPC frame expected size: 5 actual size: 1");
            ResponseMessages prefix = messages(stream, Delimiter.LIST);
            assertThat(read(prefix, new byte[] {0, 0})).isEmpty();
            assertThat(prefix.error()).isEqualTo("Incomplete gRPC frame header received");
            assertThat(prefix.errorCode()).isEqualTo("INTERNAL");
        }
    }

    @Test
    void aCompressedMessageIsNotRead() {
        ResponseMessages message = messages(false, Delimiter.LIST);
        assertThat(read(message, new byte[] {1, 0, 0, 0, 2, 16, 1})).isEmpty();
        assertThat(message.error()).isEqualTo("Unsupported gRPC frame flag: 1");
    }
}
