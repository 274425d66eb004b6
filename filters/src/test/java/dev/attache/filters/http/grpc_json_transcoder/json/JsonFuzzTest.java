package dev.attache.filters.http.grpc_json_transcoder.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JSON is the same however it is cut; what it became reads back from the wire and is printed; what
 * is printed means the same again.
 */
@Tag("wire")
class JsonFuzzTest {
    private static final Schema SCHEMA = TestSchemas.small();
    private static final MessageType TYPE = Objects.requireNonNull(SCHEMA.messages().get("t.M"));
    private static final JsonPrinter PRINTER =
            new JsonPrinter(SCHEMA, new JsonPrinter.Options(true, true, false, false));

    static Stream<byte[]> texts() {
        return Stream.of(
                        "{}",
                        "{'s':'x\\u00e9\\n\\ud83d\\ude00',n:-5,}",
                        "{\"m\":{\"l\":[{},{\"e\":\"B\"}]},\"d\":[1,2.5,\"NaN\",1e300],\"b\":\"AA_-\"}",
                        "{\"k\":{\"true\":1,\"false\":\"18446744073709551615\"},\"unknown\":[[{}]]}",
                        "{\"n\":}",
                        "{\"s\":\"a\",\"m\":{},\"s\":\"b\"}",
                        "[1",
                        "nul",
                        "{\"s\":\"\\u12")
                .map(text -> text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@code message} in octets. */
    private record Outcome(
            @Nullable String error, @Nullable String message, @Nullable String json) {}

    @MethodSource("texts")
    @FuzzTest
    void isTheSameHoweverItIsCut(byte[] text) {
        String octets = new String(text, StandardCharsets.ISO_8859_1);
        Outcome whole = read(List.of(octets));
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < octets.length(); i++) {
            pieces.add(octets.substring(i, i + 1));
        }
        Outcome cut = read(pieces);
        assertThat(cut.message).isEqualTo(whole.message);
        assertThat(cut.json).isEqualTo(whole.json);
        assertThat(cut.error == null).isEqualTo(whole.error == null);
        if (whole.json != null) {
            Outcome again = read(List.of(whole.json));
            // "no" and "f" are two keys of a map when read, and the same one when printed.
            assertThat(again.error)
                    .satisfiesAnyOf(
                            error -> assertThat(error).isNull(),
                            error -> assertThat(error).contains("Repeated map key"));
            assertThat(again.json).isIn(whole.json, null);
        }
    }

    private static Outcome read(List<String> pieces) {
        Translation translation = new Translation();
        MessageBuilder builder = new MessageBuilder(SCHEMA, TYPE, translation, false);
        JsonReader reader = new JsonReader(builder);
        String error = null;
        for (String piece : pieces) {
            error = error == null ? reader.read(piece) : error;
        }
        error = error == null ? reader.finish() : error;
        error = error == null ? translation.error() : error;
        byte[] message = builder.take();
        if (error != null || message == null) {
            return new Outcome(error == null ? "nothing" : error, null, null);
        }
        String octets = new String(message, StandardCharsets.ISO_8859_1);
        try {
            return new Outcome(null, octets, PRINTER.print(TYPE, message));
        } catch (Unfit e) {
            // A name that comes twice is written twice: servers take the last, the printer neither.
            assertThat(e.text()).startsWith("repeated entries for singular field number");
            return new Outcome(null, octets, null);
        }
    }

    static Stream<byte[]> messages() {
        return Stream.of(
                new byte[0],
                new byte[] {10, 1, 'x', 16, 5},
                new byte[] {26, 2, 16, 1, 34, 0, 40, 9},
                new byte[] {(byte) 0xff, (byte) 0xff, 3, 4},
                new byte[] {11, 12, 19});
    }

    @MethodSource("messages")
    @FuzzTest
    void anyBytesAreAMessageOrAreNot(byte[] bytes) {
        try {
            String json = PRINTER.print(TYPE, bytes);
            assertThat(json).startsWith("{").endsWith("}\n");
        } catch (Unfit e) {
            assertThat(e.text()).isNotEmpty();
        }
    }
}
