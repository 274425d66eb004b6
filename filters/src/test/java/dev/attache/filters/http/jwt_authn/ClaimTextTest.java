package dev.attache.filters.http.jwt_authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.config.load.JsonStruct;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims as headers have them; the texts were Envoy's. */
class ClaimTextTest {

    private static @Nullable String of(String claim) {
        byte[] json = ("{\"c\":" + claim + "}").getBytes(StandardCharsets.UTF_8);
        MetadataValue.Struct payload = Objects.requireNonNull(JsonStruct.read(json));
        return ClaimText.of(payload, List.of("c"));
    }

    private static String decoded(String claim) {
        byte[] json = Base64.getDecoder().decode(Objects.requireNonNull(of(claim)));
        return new String(json, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "12,12",
        "9007199254740993,9007199254740992",
        "18446744073709549568,18446744073709549568",
        "1.5,1.500000",
        "-3,-3.000000",
        "1e20,100000000000000000000.000000",
        "1e-7,0.000000",
        "0.1,0.100000",
        "-0.0,0",
        "true,true",
        "false,false",
    })
    void numbersAndFlags(String claim, String expected) {
        assertThat(of(claim)).isEqualTo(expected);
    }

    @Test
    void nothingBecomesOfNothing() {
        assertThat(of("null")).isNull();
        assertThat(of("\"\"")).isNull();
        assertThat(ClaimText.of(MetadataValue.EMPTY_STRUCT, List.of("c"))).isNull();
        MetadataValue.Struct text =
                Objects.requireNonNull(
                        JsonStruct.read("{\"c\":\"x\"}".getBytes(StandardCharsets.UTF_8)));
        assertThat(ClaimText.of(text, List.of("c", "d"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"\\n", "\\r", "\\u0000"})
    void noHeaderBeginsInAClaim(String end) {
        assertThat(of("\"a" + end + "x-admin: yes\"")).isNull();
    }

    @Test
    void listsAndObjectsAreJson() {
        assertThat(decoded("[]")).isEqualTo("[]");
        assertThat(decoded("{}")).isEqualTo("{}");
        assertThat(decoded("{\"z\":[1,{\"k\":null}],\"a\":\"<é>\"}"))
                .isEqualTo("{\"a\":\"\\u003cé\\u003e\",\"z\":[1,{\"k\":null}]}");
        assertThat(
                        decoded(
                                "[1,0.1,1e5,1000000,1e15,123456789012345678,1.5e300,-0.0,-5,1e-5,"
                                        + "0.000123,3.0,123456.789,5e-324]"))
                .isEqualTo(
                        "[1,0.1,100000,1000000,1e+15,1.2345678901234568e+17,1.5e+300,-0,-5,1e-05,"
                                + "0.000123,3,123456.789,4.94065645841247e-324]");
    }
}
