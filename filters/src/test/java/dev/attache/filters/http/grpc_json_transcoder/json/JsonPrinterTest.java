package dev.attache.filters.http.grpc_json_transcoder.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import dev.attache.filters.http.grpc_json_transcoder.schema.Schema;
import dev.attache.filters.http.grpc_json_transcoder.schema.TestSchemas;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as JSON, and numbers as protobuf prints them. */
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

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, -0",
        "1, 1",
        "0.1, 0.1",
        "1e21, 1e+21",
        "123456789.125, 123456789.125",
        "0.3333333333333333, 0.33333333333333331",
        "-1e-7, -1e-07",
        "0.0001, 0.0001",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "100000, 100000",
        "1e15, 1e+15"
    })
    void numbersAreAsShortAsTheyReadBack(double value, String text) {
        assertThat(Decimal.of(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.1, 0.1", "16777216, 16777216", "3.4028235e38, 3.40282347e+38", "1e20, 1e+20"})
    void soAreSmallerOnes(float value, String text) {
        assertThat(Decimal.of(value)).isEqualTo(text);
    }
}
