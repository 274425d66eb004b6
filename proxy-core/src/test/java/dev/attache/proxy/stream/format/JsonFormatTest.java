package dev.attache.proxy.stream.format;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each expectation says was seen in Envoy 1.40's log first. */
final class JsonFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"%REQ(x)%\"}|{\"a\":null}|{}",
                "{\"a\":[\"%REQ(x)%\",\"lit\",1]}|{\"a\":[null,\"lit\",1]}|{\"a\":[\"lit\",1]}",
                "{\"a\":{\"b\":{\"c\":\"%REQ(x)%\"}}}|{\"a\":{\"b\":{\"c\":null}}}|{}",
                "{\"a\":[[\"%REQ(x)%\"]],\"b\":[{\"c\":\"%REQ(x)%\"}]}"
                        + "|{\"a\":[[null]],\"b\":[{\"c\":null}]}|{\"a\":[[]],\"b\":[]}",
                "{\"a\":{},\"b\":[],\"c\":null,\"d\":\"\"}"
                        + "|{\"a\":{},\"b\":[],\"c\":null,\"d\":\"\"}|{\"b\":[],\"d\":\"\"}",
                "{\"a\":\"%REQ(empty)%\",\"b\":\"-%REQ(x)%%REQ(x)%\"}"
                        + "|{\"a\":\"\",\"b\":\"---\"}|{\"a\":\"\",\"b\":\"-\"}",
                "{\"b\":[null,true,{}],\"a\":{\"z\":null}}"
                        + "|{\"a\":{\"z\":null},\"b\":[null,true,{}]}|{\"b\":[true]}",
            })
    void missingValues(String template, String asNull, String omitted) {
        assertThat(json(template, false)).isEqualTo(asNull);
        assertThat(json(template, true)).isEqualTo(omitted);
    }

    @Test
    void whatIsNotUtf8IsEscapedByteByByte() {
        assertThat(json("{\"a\":\"%REQ(bad)%\",\"b\":\"x%REQ(bad)%%REQ(utf)%\"}", false))
                .isEqualTo(
                        "{\"a\":\"\\u00ff\\u0009\\u0022\",\"b\":\"x\\u00ff\\u0009\\u0022\u00c3\u00bc\"}");
        assertThat(json("{\"a\":\"%REQ(utf):1%\"}", false)).isEqualTo("{\"a\":\"\\u00c3\"}");
    }

    @Test
    void textOfTheConfigurationIsUtf8() {
        assertThat(json("{\"k\u00fc\":\"\u20ac\"}", false))
                .isEqualTo("{\"k\u00c3\u00bc\":\"\u00e2\u0082\u00ac\"}");
        assertThat(Formatter.parse("\u00fc%REQ(utf)%").format(context()))
                .isEqualTo("\u00c3\u00bc\u00c3\u00bc");
    }

    @ParameterizedTest
    @CsvSource({
        "100,100",
        "10000,10000",
        "100000,1e+05",
        "120000,120000",
        "0.0001,1e-04",
        "0.001,0.001",
        "1e20,1e+20",
        "1.5,1.5",
        "1234567.891,1234567.891",
        "123456789012,123456789012",
        "9007199254740993,9007199254740992",
        "1e-7,1e-07",
        "-0.0,-0",
        "1.5e17,1.5e+17",
        "-5,-5"
    })
    void numbersAreTheShortestText(double value, String expected) {
        assertThat(JsonText.of(new MetadataValue.Number(value))).isEqualTo(expected);
    }

    private static String json(String template, boolean omitEmpty) {
        StringBuilder out = new StringBuilder();
        JsonFormat.of((MetadataValue.Struct) JsonReader.read(template), omitEmpty, List.of())
                .appendTo(out, context());
        return out.toString();
    }

    private static FormatContext context() {
        ConnectionInfo connection =
                new ConnectionInfo(
                        7, 0, 0, IpAddress.parse("10.0.0.1", 80), IpAddress.parse("1.2.3.4", 5));
        Headers request = new Headers();
        request.add(HeaderName.of("empty"), "");
        request.add(HeaderName.of("bad"), "\u00ff\t\"");
        request.add(HeaderName.of("utf"), "\u00c3\u00bc");
        return FormatContext.of(new StreamInfo(connection, 0, 0), request);
    }
}
