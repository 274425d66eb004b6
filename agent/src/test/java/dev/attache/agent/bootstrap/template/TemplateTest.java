package dev.attache.agent.bootstrap.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.agent.bootstrap.template.function.TemplateFunction;
import dev.attache.agent.document.Json;
import dev.attache.agent.document.Records;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTest {

    private static final Map<String, TemplateFunction> FUNCTIONS =
            Map.of(
                    "toJSON",
                    TemplateFunction.of(
                            "a",
                            given ->
                                    given.getFirst() == Json.NULL
                                            ? "{}"
                                            : Template.json(given.getFirst())));

    /** What Go 1.26 with sprig 3 made of each template, most of them made up at random. */
    static Stream<Map<?, ?>> records() {
        return Records.of(TemplateTest.class);
    }

    @ParameterizedTest
    @MethodSource("records")
    void doesAsGoDoes(Map<?, ?> record) {
        Object output = record.get("output");
        Object expected = output == null ? record.get("error") : output;
        String template = String.valueOf(record.get("template"));
        String got;
        try {
            got = Template.parse("bootstrap", template, FUNCTIONS).execute(data());
        } catch (TemplateException e) {
            got = e.getMessage();
        }
        assertThat(got).as(template).isEqualTo(expected);
    }

    @Test
    void aTemplateThatCallsItselfForEverEnds() {
        assertThatThrownBy(() ->
                        Template.parse(
                                        "bootstrap",
                                        "{{ define \"t\" }}{{ template \"t\" }}{{ end }}"
                                                + "{{ template \"t\" }}",
                                        Map.of())
                                .execute(Map.of()))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("exceeded maximum template depth");
    }

    private static Map<String, Object> data() {
        Map<String, Object> data = new HashMap<>();
        data.put("name", "x");
        data.put("n", 3L);
        data.put("f", 1.5);
        data.put("list", List.of("a", "b"));
        data.put("map", Map.of("k", "v", "j", "w"));
        data.put("empty", "");
        data.put("yes", true);
        data.put("none", List.of());
        data.put("nested", Map.of("a", Map.of("b", 1L)));
        data.put("text", "a\"b'<c>&=\\\nd");
        data.put("nul", Json.NULL);
        return data;
    }
}
