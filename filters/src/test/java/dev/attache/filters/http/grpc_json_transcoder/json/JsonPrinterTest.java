package dev.attache.filters.http.grpc_json_transcoder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Messages as JSON. */
class JsonPrinterTest {
    private static final Schema SCHEMA = TestSchemas.small();
    private static final MessageType TYPE = Objects.requireNonNull(SCHEMA.messages().get("t.M"));

    private static JsonPrinter printer(boolean whitespace, boolean primitives, boolean ints) {
        return new JsonPrinter(
                SCHEMA, new JsonPrinter.Options(whitespace, primitives, ints, false));
    }

    @Test
    void fieldsComeInTheOrderOfTheirNumbers() throws Unfit {
        byte[] message = {40, 1, 16, 5, 10, 1, '<'};
        assertThat(printer(false, false, false).print(TYPE, message))
                .isEqualTo("{\"s\":\"\\u003c\",\"n\":5,\"e\":\"B\"}");
        assertThat(printer(true, false, true).print(TYPE, message))
                .isEqualTo("{\n \"s\": \"\\u003c\",\n \"n\": 5,\n \"e\": 1\n}\n");
    }

    @Test
    void whatIsNotThereIsShownWhereWanted() throws Unfit {
        assertThat(printer(false, true, false).print(TYPE, new byte[0]))
                .isEqualTo(
                        "{\"s\":\"\",\"n\":0,\"l\":[],\"e\":\"A\",\"d\":[],\"b\":\"\",\"k\":{}}");
    }

    @Test
    void mapsAndListsKeepTheirOrder() throws Unfit {
        byte[] message = {
            66, 4, 8, 1, 16, 3, 66, 2, 16, 4, 50, 8, 0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x3f
        };
        assertThat(printer(false, false, false).print(TYPE, message))
                .isEqualTo("{\"d\":[1.5],\"k\":{\"true\":\"3\",\"false\":\"4\"}}");
    }

    @Test
    void whatIsNoMessageIsTold() {
        assertThatThrownBy(
                        () -> printer(false, false, false).print(TYPE, new byte[] {16, 1, 16, 2}))
                .hasMessage("repeated entries for singular field number 2");
        assertThatThrownBy(() -> printer(false, false, false).print(TYPE, new byte[] {10, 5, 1}))
                .hasMessage("unexpected EOF");
        assertThatThrownBy(() -> printer(false, false, false).print(TYPE, new byte[] {8, 1}))
                .hasMessage("field type 9 (number 1) does not support varint fields");
    }
}
