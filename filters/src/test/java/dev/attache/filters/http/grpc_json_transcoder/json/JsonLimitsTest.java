package dev.attache.filters.http.grpc_json_transcoder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What peers may make the transcoder hold, and read again. */
class JsonLimitsTest {
    private static final Schema SCHEMA = TestSchemas.small();
    private static final MessageType TYPE = Objects.requireNonNull(SCHEMA.messages().get("t.M"));
    private static final MessageType ANY =
            Objects.requireNonNull(SCHEMA.messages().get("google.protobuf.Any"));

    private final MessageBuilder builder = builder(TYPE);
    private final JsonReader reader = new JsonReader(builder);

    private static MessageBuilder builder(MessageType type) {
        return new MessageBuilder(SCHEMA, type, new Translation(), false);
    }

    @Test
    void aStringThatDoesNotEndIsHeldOnce() {
        assertThat(reader.read("{\"s\":\"")).isNull();
        for (int i = 0; i < 100; i++) {
            assertThat(reader.read("x".repeat(1000))).isNull();
        }
        assertThat(reader.held()).isBetween(100_000L, 300_000L);
    }

    @Test
    void whatIsWrittenIsHeldUntilItIsTaken() {
        assertThat(reader.read("{\"l\":[{\"s\":\"" + "x".repeat(50_000) + "\"},{")).isNull();
        assertThat(builder.held()).isBetween(50_000L, 150_000L);
        assertThat(reader.read("}]}")).isNull();
        assertThat(builder.take()).hasSizeBetween(50_000, 50_020);
        assertThat(builder.held()).isZero();
    }

    @Test
    void keysOfMapsAndWhatWaitsForATypeAreHeld() {
        assertThat(reader.read("{\"k\":{")).isNull();
        long before = builder.held();
        for (int i = 0; i < 100; i++) {
            assertThat(reader.read("\"" + i + "\":1,")).isNull();
        }
        assertThat(builder.held() - before).isGreaterThan(100 * 64);
        MessageBuilder any = builder(ANY);
        JsonReader waiting = new JsonReader(any);
        assertThat(waiting.read("{" + "\"s\":\"x\",".repeat(100))).isNull();
        assertThat(any.held()).isGreaterThan(100 * 64);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"n\":", "{"})
    void aTokenThatDoesNotEndIsTooLong(String begin) {
        String octet = begin.equals("{") ? "a" : "1";
        assertThat(reader.read(begin)).isNull();
        String error = null;
        int pieces = 0;
        while (error == null && pieces < 10_000) {
            error = reader.read(octet);
            pieces++;
        }
        assertThat(error).isNotNull();
        assertThat(pieces).isEqualTo(4097);
    }

    /** As it is told at the end, where Envoy tells it. */
    @ParameterizedTest
    @ValueSource(strings = {"{#", "[1,#", "{\"s\"#", "{\"s\":#", "\u00ff", "{\"s\":\"\u00ff"})
    void whatNothingCanMendIsToldBeforeTheEnd(String begin) {
        JsonReader atTheEnd = new JsonReader(builder(TYPE));
        assertThat(atTheEnd.read(begin + "12345678")).isNull();
        String told = Objects.requireNonNull(atTheEnd.finish());
        String error = reader.read(begin + "12345678");
        for (int i = 0; i < 30 && error == null; i++) {
            error = reader.read("x");
        }
        assertThat(error).isNotNull();
        assertThat(error.replace("x", "")).isEqualTo(told.replace("x", ""));
    }

    @Test
    void aMaskIsNotWrittenOutBeyondMeasure() throws Unfit {
        List<Scalar> paths = new ArrayList<>();
        FieldMasks.read(Scalar.string("a(b,c(d)),e"), paths::add);
        assertThat(paths).extracting(Scalar::text).containsExactly("a.b", "a.c.d", "e");
        String deep = "a(".repeat(50_000);
        assertThatThrownBy(() -> FieldMasks.read(Scalar.string(deep), path -> {}))
                .hasMessage("Invalid FieldMask: its paths are too long.");
        String wide = "a".repeat(50_000) + "(" + "b,".repeat(50_000) + ")";
        assertThatThrownBy(() -> FieldMasks.read(Scalar.string(wide), path -> {}))
                .hasMessage("Invalid FieldMask: its paths are too long.");
        FieldMasks.read(Scalar.string("a,".repeat(1_000_000)), path -> {});
    }

    @Test
    void anyWithinAnyHasADepth() throws Unfit {
        JsonPrinter printer =
                new JsonPrinter(SCHEMA, new JsonPrinter.Options(false, false, false, false));
        assertThat(printer.print(ANY, nested(50))).endsWith("}".repeat(50));
        assertThatThrownBy(() -> printer.print(ANY, nested(150)))
                .hasMessage("message nested too deep");
    }

    private static byte[] nested(int depth) {
        byte[] content = new byte[0];
        for (int i = 0; i < depth; i++) {
            WireOut out = new WireOut();
            out.field(1, "type.googleapis.com/google.protobuf.Any");
            out.field(2, content);
            content = out.toBytes();
        }
        return content;
    }
}
