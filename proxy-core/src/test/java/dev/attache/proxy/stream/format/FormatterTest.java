package dev.attache.proxy.stream.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FormatterTest {

    private static final long MILLI = 1_000_000;
    private static final long START = Instant.parse("2024-03-05T07:08:09.012Z").toEpochMilli();

    private final StreamInfo info = stream();
    private final StreamInfo bare = bareStream();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%REQ(:METHOD)% %REQ(X-MISSING?:PATH)%|GET /a/b?x=1&y=2",
                "%REQ(:PATH):4%|/a/b",
                "%REQ(:METHOD):100%|GET",
                "%RESP(content-type)%|text/plain",
                "%TRAILER(x-t)%|t",
                "%PATH(NQ)% %PATH(WQ:ORIG_OR_PATH)%|/a/b /a/b?x=1&y=2",
                "%QUERY_PARAM(y)%|2",
                "%QUERY_PARAMS%|x=1&y=2",
                "%COALESCE({\"operators\":[{\"command\":\"REQ\",\"param\":\"no\"},\"PROTOCOL\"]}):4%|HTTP",
                "%UPSTREAM_DETECTED_CLOSE_TYPE% %DOWNSTREAM_DETECTED_CLOSE_TYPE%|Normal Normal",
                "%REQUESTED_SERVER_NAME(SNI_FIRST)%|sni.example",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(16)%|1.2.0.0/16",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT(MASK:16)%|1.2.3.4",
                "%PROTOCOL% %RESPONSE_CODE% %RESPONSE_CODE_DETAILS%|HTTP/2 503 why_not",
                "%RESPONSE_CODE_DETAILS(ALLOW_WHITESPACES)%|why not",
                "%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG%|UF,URX"
                        + " UpstreamConnectionFailure,UpstreamRetryLimitExceeded",
                "%BYTES_RECEIVED%/%BYTES_SENT%|12/34",
                "%DURATION% %REQUEST_DURATION% %RESPONSE_DURATION%|100 20 60",
                "%RESPONSE_TX_DURATION% %REQUEST_TX_DURATION% %ROUNDTRIP_DURATION%|30 25 -",
                "%COMMON_DURATION(DS_RX_BEG:DS_RX_END:us)%|20000",
                "%DOWNSTREAM_REMOTE_ADDRESS%|1.2.3.4:5678",
                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%|1.2.3.4",
                "%DOWNSTREAM_REMOTE_PORT%|5678",
                "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%|1.2.3.4:5678",
                "%DOWNSTREAM_LOCAL_ADDRESS%|10.0.0.1:80",
                "%UPSTREAM_HOST% %UPSTREAM_CLUSTER%|10.9.9.9:8080 web",
                "%UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%|10.9.9.9",
                "%ROUTE_NAME% %VIRTUAL_CLUSTER_NAME%|route -",
                "%REQUESTED_SERVER_NAME% %CONNECTION_ID%|sni.example 7",
                "%UPSTREAM_TRANSPORT_FAILURE_REASON%|TLS_error:_bad",
                "%DYNAMIC_METADATA(ns:a:b)%|deep",
                "%DYNAMIC_METADATA(ns:a)%|{\"b\":\"deep\"}",
                "%FILTER_STATE(k:PLAIN)%|state",
                "%GRPC_STATUS(SNAKE_STRING)%|NOT_FOUND",
                "%GRPC_STATUS_NUMBER%|5",
                "%LOCAL_REPLY_BODY%|body",
                "%ACCESS_LOG_TYPE%|DownstreamEnd",
                "100%% %%REQ(a)%%|100% %REQ(a)%",
                "plain|plain",
            })
    void operators(String format, String expected) {
        assertThat(Formatter.parse(format).format(context())).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%REQ(x)%",
                "%RESP(x)%",
                "%TRAILER(x)%",
                "%PROTOCOL%",
                "%RESPONSE_CODE_DETAILS%",
                "%RESPONSE_FLAGS%",
                "%RESPONSE_DURATION%",
                "%UPSTREAM_HOST%",
                "%UPSTREAM_CLUSTER%",
                "%UPSTREAM_LOCAL_ADDRESS%",
                "%REQUESTED_SERVER_NAME%",
                "%ROUTE_NAME%",
                "%DYNAMIC_METADATA(no:such)%",
                "%FILTER_STATE(k)%",
                "%DOWNSTREAM_TLS_VERSION%",
                "%DOWNSTREAM_PEER_URI_SAN%",
                "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
                "%QUERY_PARAM(x)%",
            })
    void whatIsMissingIsADash(String format) {
        assertThat(Formatter.parse(format).format(FormatContext.of(bare, null))).isEqualTo("-");
    }

    @Test
    void whatIsMissingIsLeftOutWhereAsked() {
        FormatContext context = FormatContext.of(bare, new Headers());
        assertThat(Formatter.parse("a%REQ(x)%b").formatOmittingEmpty(context)).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "100% of",
                "%REQ",
                "%REQ(a%",
                "%REQ(a):%",
                "%REQ(a):x%",
                "%REQ(a?b?c)%",
                "%REQ%",
                "%NOT_A_COMMAND%",
                "%FILTER_STATE(k:WRONG)%",
                "%COMMON_DURATION(DS_RX_BEG)%",
                "%PATH(XX)%",
                "%COALESCE({\"operators\":[\"PROTOCOL\"],\"n\":01})%",
                "%COALESCE({\"operators\":[\"PROTOCOL\"],\"n\":1e999})%",
                "%COALESCE({\"operators\":[\"PROTOCO\\u+04c\"]})%",
            })
    void badFormatsAreRefused(String format) {
        assertThatIllegalArgumentException().isThrownBy(() -> Formatter.parse(format));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%PROTOCOL(x)%|PROTOCOL does not take any parameters or length",
                "%PROTOCOL:5%|PROTOCOL does not take any parameters or length",
                "%REQ()%|REQ requires parameters",
                "%CLUSTER_METADATA(a):3%|CLUSTER_METADATA does not allow length to be specified.",
                "%VIRTUAL_HOST_NAME%|Not supported field in StreamInfo: VIRTUAL_HOST_NAME",
                "%UPSTREAM_LOCAL_SUBJECT%|Not supported field in StreamInfo:"
                        + " UPSTREAM_LOCAL_SUBJECT",
                "%REQ(a b)%|Invalid header configuration. Format string contains invalid"
                        + " characters.",
                "%METADATA%| is not supported type of metadata",
                "%FILTER_STATE(a:PLAIN:x)%|Invalid filter state serialize type, FIELD should be"
                        + " used with the field name.",
                "%START_TIME(%n)%|Invalid header configuration. Format string contains newline.",
                "%GRPC_STATUS(x)%|GrpcStatusFormatter only supports CAMEL_STRING, SNAKE_STRING or"
                        + " NUMBER. Got: x",
                "%COALESCE({})%|COALESCE: JSON configuration must contain 'operators' array",
                "%COALESCE({\"operators\":[\"NO\"]})%|COALESCE: failed to parse operator at index"
                        + " 0: unknown command: 'NO'",
                "%QUERY_PARAMS(x)%|Invalid QUERY_PARAMS option: 'x', only 'ORIG'/'DECODED' are"
                        + " allowed",
            },
            ignoreLeadingAndTrailingWhitespace = false)
    void refusalsAreInEnvoysWords(String format, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Formatter.parse(format))
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%START_TIME%|2024-03-05T07:08:09.012Z",
                "%START_TIME(%s)%|1709622489",
                "%START_TIME(%Y/%m/%dT%H:%M:%S%z)%|2024/03/05T07:08:09+0000",
                "%START_TIME(%s.%3f)%|1709622489.012",
                "%START_TIME(%6f %9f)%|012000 012000000",
                "%START_TIME(%a %b %e %I:%M %p %j)%|Tue Mar  5 07:08 AM 065",
                "%START_TIME(%FT%T %y)%|2024-03-05T07:08:09 24",
                "%START_TIME(\u00fc%E-S%E3S)%|\u00c3\u00bc%E-S09.012",
            })
    void startTimes(String format, String expected) {
        assertThat(Formatter.parse(format).format(context())).isEqualTo(expected);
    }

    @Test
    void jsonKeepsTypesAndSortsKeys() {
        MetadataValue.Struct template =
                new MetadataValue.Struct(
                        Map.of(
                                "z", text("%RESPONSE_CODE%"),
                                "a", text("%REQ(:METHOD)% \"x\""),
                                "m", text("%REQ(missing)%"),
                                "duration", text("%DURATION%"),
                                "meta", text("%DYNAMIC_METADATA(ns:a)%"),
                                "n", new MetadataValue.Number(2),
                                "list", new MetadataValue.Sequence(List.of(text("%BYTES_SENT%")))));
        assertThat(json(template, false))
                .isEqualTo(
                        "{\"a\":\"GET \\\"x\\\"\",\"duration\":100,\"list\":[34],\"m\":null,"
                                + "\"meta\":{\"b\":\"deep\"},\"n\":2,\"z\":503}");
        assertThat(json(template, true)).doesNotContain("\"m\"").contains("\"z\":503");
    }

    private String json(MetadataValue.Struct template, boolean omitEmpty) {
        StringBuilder out = new StringBuilder();
        JsonFormat.of(template, omitEmpty, List.of()).appendTo(out, context());
        return out.toString();
    }

    private static MetadataValue text(String value) {
        return new MetadataValue.Text(value);
    }

    @Test
    void whatHasNotEndedLastsUntilNow() {
        FormatContext start =
                new FormatContext(
                        bare, null, null, null, "", FormatContext.AccessLogType.TcpConnectionStart);
        assertThat(Formatter.parse("%DURATION%").format(start)).matches("[0-9]+");
    }

    @Test
    void connectionsThatAProxyServesHaveAStreamIdOfTheirOwn() {
        Formatter id = Formatter.parse("%STREAM_ID%");
        assertThat(id.format(FormatContext.of(bare, null))).isEqualTo("-");
        FormatContext tcp =
                new FormatContext(
                        bare, null, null, null, "", FormatContext.AccessLogType.TcpPeriodic);
        assertThat(id.format(tcp)).isEqualTo("-");
        bare.identified = true;
        String first = id.format(tcp);
        assertThat(first).hasSize(36);
        assertThat(id.format(tcp)).isEqualTo(first);
    }

    private FormatContext context() {
        Headers request = new Headers();
        request.add(HeaderName.METHOD, "GET");
        request.add(HeaderName.PATH, "/a/b?x=1&y=2");
        request.add(HeaderName.CONTENT_TYPE, "application/grpc");
        Headers response = new Headers();
        response.add(HeaderName.CONTENT_TYPE, "text/plain");
        Headers trailers = new Headers();
        trailers.add(HeaderName.of("x-t"), "t");
        trailers.add(HeaderName.GRPC_STATUS, "5");
        return new FormatContext(
                info,
                request,
                response,
                trailers,
                "body",
                FormatContext.AccessLogType.DownstreamEnd);
    }

    private static StreamInfo bareStream() {
        ConnectionInfo connection =
                new ConnectionInfo(
                        7,
                        START,
                        0,
                        IpAddress.parse("10.0.0.1", 80),
                        IpAddress.parse("1.2.3.4", 5678));
        return new StreamInfo(connection, START, 0);
    }

    private static StreamInfo stream() {
        StreamInfo info = bareStream();
        info.downstream().requestedServerName("sni.example");
        info.protocol(Protocol.HTTP2);
        info.responseCode(503);
        info.responseCodeDetails("why not");
        info.flag(ResponseFlag.UF);
        info.flag(ResponseFlag.URX);
        info.flag(ResponseFlag.UF);
        info.bytesReceived = 12;
        info.bytesSent = 34;
        info.routeName = "route";
        info.clusterName = "web";
        info.endNanos = 100 * MILLI;
        info.lastDownstreamRxNanos = 20 * MILLI;
        info.lastDownstreamTxNanos = 90 * MILLI;
        UpstreamInfo upstream = info.upstreamForWriting();
        upstream.host = IpAddress.parse("10.9.9.9", 8080);
        upstream.remoteAddress = upstream.host;
        upstream.lastTxNanos = 25 * MILLI;
        upstream.firstRxNanos = 60 * MILLI;
        upstream.transportFailureReason = "TLS error: bad";
        info.dynamicMetadata()
                .merge(
                        "ns",
                        new MetadataValue.Struct(
                                Map.of("a", new MetadataValue.Struct(Map.of("b", text("deep"))))));
        info.filterState().set("k", new FilterState.Text("state"));
        return info;
    }
}
