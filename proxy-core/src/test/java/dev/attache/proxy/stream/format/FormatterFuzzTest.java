package dev.attache.proxy.stream.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import com.code_intelligence.jazzer.mutation.annotation.WithUtf8Length;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Format strings are refused in words or compiled; what they then make of any octets of a peer is
 * octets of bounded length, and as JSON it is JSON.
 */
class FormatterFuzzTest {

    static Stream<Arguments> formats() {
        List<String> formats =
                new ArrayList<>(
                        List.of(
                                "%REQ(x?:path):3% %RESP(x)% %TRAILER(grpc-status)%",
                                "%START_TIME(%Y-%m-%dT%H:%M:%S.%3f%z %E*S %e %c)%",
                                "%PATH(NQ:ORIG)% %QUERY_PARAM(a)% %QUERY_PARAMS(DECODED)%",
                                "%DYNAMIC_METADATA(ns:a):2% %FILTER_STATE(k:PLAIN)%",
                                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(16)%",
                                "%COMMON_DURATION(DS_RX_BEG:DS_RX_END:us)%",
                                "%COALESCE({\"operators\":[{\"command\":\"REQ\",\"param\":\"x\"}]})%",
                                "%GRPC_STATUS(SNAKE_STRING)%%GRPC_STATUS_NUMBER%",
                                "100%% %% %",
                                "\u00e9\u20ac%PROTOCOL%\ud83d\ude00",
                                "%REQ(X?Y):99999999999999999999%"));
        return formats.stream()
                .map(format ->
                        Arguments.of(format, "/a?b=%41&a=\u00ff".getBytes(ISO), "5\"\\\u0001"));
    }

    private static final java.nio.charset.Charset ISO = StandardCharsets.ISO_8859_1;

    @MethodSource("formats")
    @FuzzTest
    void makesBoundedOctetsAndJson(
            @NotNull @WithUtf8Length(max = 400) String format,
            byte @NotNull [] path,
            @NotNull String value) {
        MetadataValue.Text template = new MetadataValue.Text(format);
        Formatter formatter;
        JsonFormat json;
        try {
            formatter = Formatter.parse(format);
            json =
                    JsonFormat.of(
                            new MetadataValue.Struct(
                                    Map.of(
                                            value,
                                            template,
                                            "k",
                                            new MetadataValue.Sequence(List.of(template)))),
                            path.length % 2 == 0,
                            List.of());
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return;
        }
        FormatContext context = context(new String(path, ISO), Octets.of(value));
        String text = formatter.format(context);
        int most = (format.length() + 1) * (path.length + 3 * value.length() + 200);
        assertThat(text.length()).isLessThan(most);
        assertThat(text.chars()).allMatch(c -> c < 256);
        assertThat(formatter.formatOmittingEmpty(context).length()).isLessThan(most);
        StringBuilder line = new StringBuilder();
        json.appendTo(line, context);
        String utf8 = Octets.text(line.toString());
        assertThat(Octets.isUtf8(line.toString())).isTrue();
        assertThat(utf8.chars()).allMatch(c -> c >= 0x20);
        assertThat(JsonReader.read(utf8)).isInstanceOf(MetadataValue.Struct.class);
    }

    private static FormatContext context(String path, String value) {
        ConnectionInfo connection =
                new ConnectionInfo(
                        7, 0, 0, IpAddress.parse("10.0.0.1", 80), IpAddress.parse("::1", 5678));
        connection.requestedServerName(value);
        StreamInfo info = new StreamInfo(connection, 0, 0);
        info.responseCodeDetails(value);
        info.responseCode(value.length());
        info.dynamicMetadata()
                .merge("ns", new MetadataValue.Struct(Map.of("a", new MetadataValue.Text(value))));
        Headers request = new Headers();
        request.add(HeaderName.METHOD, "GET");
        request.add(HeaderName.PATH, path);
        request.add(HeaderName.CONTENT_TYPE, "application/grpc");
        request.add(HeaderName.of("x"), value);
        Headers response = new Headers();
        response.add(HeaderName.GRPC_STATUS, value);
        return new FormatContext(
                info, request, response, response, value, FormatContext.AccessLogType.NotSet);
    }
}
