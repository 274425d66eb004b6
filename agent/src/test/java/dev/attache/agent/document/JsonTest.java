package dev.attache.agent.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void valuesAreReadAsTheyAreWritten() {
        assertThat(Json.parse(" {\"b\": [1, -2.5, 1e3, true, null, \"\\u00e9\\n\"], \"a\": {}} "))
                .isEqualTo(
                        Map.of(
                                "b",
                                List.of(1L, -2.5, 1000.0, true, Json.NULL, "é\n"),
                                "a",
                                Map.of()));
        assertThat(Json.parse("9007199254740992")).isEqualTo(1L << 53);
        assertThat(Json.parse("9007199254740994")).isEqualTo(9007199254740994.0);
        assertThat(Json.parse("{\"a\": 1, \"a\": 2}")).isEqualTo(Map.of("a", 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{a: 1}",
                "{'a': 1}",
                "{\"a\" 1}",
                "01",
                "+1",
                "tru",
                "True",
                "NaN",
                "1 2",
                "\"\t\"",
                "\"\\x\"",
                "// no\n1",
                "{\"a\": 1;}"
            })
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no JSON: ");
    }

    @Test
    void depthHasAnEnd() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whereItIsWrongIsSaid() {
        assertThatThrownBy(() -> Json.parse("{\"a\":\n[1, x]}"))
                .hasMessageContaining("line 2")
                .hasMessageContaining("$.a[1]");
    }

    @Test
    void isPrintedAsGoDoes() {
        Object tree = Json.parse("{\"a\": [], \"b\": {\"c\": \"<&>\"}, \"d\": 0.5}");
        assertThat(Json.print(tree))
                .isEqualTo("{\"a\":[],\"b\":{\"c\":\"\\u003c\\u0026\\u003e\"},\"d\":0.5}");
        assertThat(Json.pretty(tree))
                .isEqualTo(
                        """
                        {
                          "a": [],
                          "b": {
                            "c": "\\u003c\\u0026\\u003e"
                          },
                          "d": 0.5
                        }\
                        """);
    }
}
