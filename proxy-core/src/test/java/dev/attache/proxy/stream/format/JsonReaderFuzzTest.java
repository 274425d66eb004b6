package dev.attache.proxy.stream.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON in commands is refused with a position or read, and what was read says the same again. */
class JsonReaderFuzzTest {

    static Stream<String> texts() {
        return Stream.of(
                "{\"operators\":[\"PROTOCOL\",{\"command\":\"REQ\",\"param\":\"x\"}]}",
                "[1,-0.5e3,true,false,null,\"\\u00e9\\ud83d\\ude00\\n\"]",
                "[".repeat(40),
                "{\"a\":1,\"a\":2,}",
                "\"\\u+041\"",
                "01",
                "1e999");
    }

    @MethodSource("texts")
    @FuzzTest
    void saysTheSameAgain(@NotNull String text) {
        MetadataValue value;
        try {
            value = JsonReader.read(text);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).contains("column");
            return;
        }
        assertThat(JsonReader.read(JsonText.of(value))).isEqualTo(value);
    }
}
