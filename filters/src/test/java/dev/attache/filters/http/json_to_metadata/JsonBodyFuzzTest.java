package dev.attache.filters.http.json_to_metadata;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bodies of clients: what is taken is JSON as a part of something else too, is none with anything
 * behind it, and becomes a value of each type or none.
 */
@Tag("wire")
class JsonBodyFuzzTest {

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{\"a\":[1,-2.5e3,\"\\u00e9\\n\\ud83d\\ude00\",true,null,{}],\"b\":{\"c\":\"\"}}",
                        " [ ] ",
                        "\uFEFF12",
                        "-0",
                        "9223372036854775808",
                        "{\"a\":1,\"a\":{}}",
                        "\"\u0000\"",
                        "[".repeat(1000) + "]".repeat(1000))
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("bodies")
    @FuzzTest
    void readsBodies(byte[] body) throws JsonSyntaxException {
        JsonValue value;
        try {
            value = JsonBody.read(Unpooled.wrappedBuffer(body));
        } catch (JsonSyntaxException e) {
            return;
        }
        for (Target.Type type : Target.Type.values()) {
            FoundValue.Result made = FoundValue.of(value, type);
            assertThat(made.fits() || made.value() == null).isTrue();
        }
        assertThatThrownBy(() -> JsonBody.read(Unpooled.wrappedBuffer(around("", body, "x"))))
                .isInstanceOf(JsonSyntaxException.class);
        boolean marked = body[0] == (byte) 0xEF;
        if (!marked && depth(body) < JsonBody.MAX_DEPTH) {
            JsonValue outer = JsonBody.read(Unpooled.wrappedBuffer(around("{\"a\":", body, "}")));
            assertThat(outer.field("a")).isEqualTo(value);
        }
    }

    private static byte[] around(String before, byte[] body, String after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(before.getBytes(UTF_8));
        out.writeBytes(body);
        out.writeBytes(after.getBytes(UTF_8));
        return out.toByteArray();
    }

    /** At most so many containers are open at once. */
    private static int depth(byte[] body) {
        int openers = 0;
        for (byte each : body) {
            openers += each == '[' || each == '{' ? 1 : 0;
        }
        return openers;
    }
}
