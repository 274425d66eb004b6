package dev.attache.filters.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.MetadataValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.netty.buffer.ByteBufUtil;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is written field by field is what a message class reads. */
final class MessageWriterTest {

    @Test
    void nestedMessagesOfAllLengthsAreRead() throws Exception {
        for (int length :
                new int[] {0, 1, 100, 123, 124, 125, 126, 127, 128, 129, 5000, 16_384, 40_000}) {
            String text = "x".repeat(length);
            MessageWriter out = new MessageWriter(1);
            int header = out.begin(HeaderValueOption.HEADER_FIELD_NUMBER);
            out.text(HeaderValue.KEY_FIELD_NUMBER, text);
            out.text(HeaderValue.VALUE_FIELD_NUMBER, "end");
            out.end(header);
            out.number(HeaderValueOption.APPEND_ACTION_FIELD_NUMBER, 2);
            HeaderValueOption read = HeaderValueOption.parseFrom(out.toByteArray());
            assertThat(read.getHeader().getKey()).isEqualTo(text);
            assertThat(read.getHeader().getValue()).isEqualTo("end");
            assertThat(read.getAppendActionValue()).isEqualTo(2);
            assertThat(out.toByteArray()).isEqualTo(read.toByteArray());
        }
    }

    @Test
    void numbersOfAllWidthsAreRead() throws Exception {
        for (int port : new int[] {0, 1, 127, 128, 65_535, Integer.MAX_VALUE, -1}) {
            MessageWriter out = new MessageWriter(4);
            out.numberAlways(SocketAddress.PORT_VALUE_FIELD_NUMBER, Integer.toUnsignedLong(port));
            SocketAddress read = SocketAddress.parseFrom(out.toByteArray());
            assertThat(read.getPortValue()).isEqualTo(port);
            assertThat(read.hasPortValue()).isTrue();
        }
    }

    @Test
    void whatHasItsDefaultIsLeftOut() {
        MessageWriter out = new MessageWriter(4);
        out.number(1, 0);
        out.flag(2, false);
        out.text(3, "");
        out.octets(4, "");
        out.fixed(5, 0);
        out.packed(6, new long[0]);
        assertThat(out.size()).isZero();
    }

    @Test
    void textBeyondAsciiIsUtf8AndOctetsThatAreNoneAreReplaced() throws Exception {
        MessageWriter out = new MessageWriter(4);
        out.text(HeaderValue.KEY_FIELD_NUMBER, "café");
        out.octets(HeaderValue.VALUE_FIELD_NUMBER, "caf\u00c3\u00a9 \u00ff");
        HeaderValue read = HeaderValue.parseFrom(out.toByteArray());
        assertThat(read.getKey()).isEqualTo("café");
        assertThat(read.getValue()).isEqualTo("café !");
    }

    @Test
    void headersAreWrittenAsTheyStandAndRepeatedOnesJoined() throws Exception {
        Headers headers = new Headers(MessagePart.REQUEST);
        headers.add(HeaderName.PATH, "/plain");
        headers.add(HeaderName.of("x-many"), "1");
        headers.add(HeaderName.of("x-many"), "2");
        headers.add(HeaderName.of("x-empty"), "");
        MessageWriter out = new MessageWriter(4);
        out.header(HeaderValue.KEY_FIELD_NUMBER, headers, HeaderName.PATH);
        out.header(HeaderValue.VALUE_FIELD_NUMBER, headers, HeaderName.of("x-many"));
        int before = out.size();
        out.header(4, headers, HeaderName.of("x-empty"));
        out.header(5, headers, HeaderName.of("x-none"));
        assertThat(out.size()).isEqualTo(before);
        HeaderValue read = HeaderValue.parseFrom(out.toByteArray());
        assertThat(read.getKey()).isEqualTo("/plain");
        assertThat(read.getValue()).isEqualTo("1,2");
    }

    @Test
    void whatIsTruncatedAndClearedIsGone() throws Exception {
        MessageWriter out = new MessageWriter(4);
        out.text(HeaderValue.KEY_FIELD_NUMBER, "kept");
        int kept = out.size();
        out.text(HeaderValue.VALUE_FIELD_NUMBER, "gone".repeat(1000));
        out.truncate(kept);
        assertThat(HeaderValue.parseFrom(out.toByteArray()).getValue()).isEmpty();
        out.clear(16);
        assertThat(out.size()).isZero();
        assertThat(out.toByteArray()).isEmpty();
    }

    @Test
    void valuesOfAllKindsAreRead() throws Exception {
        MetadataValue.Struct struct =
                new MetadataValue.Struct(
                        Map.of(
                                "all",
                                new MetadataValue.Sequence(
                                        List.of(
                                                new MetadataValue.Text(""),
                                                new MetadataValue.Number(0),
                                                new MetadataValue.Number(-1.5),
                                                new MetadataValue.Bool(false),
                                                MetadataValue.Null.INSTANCE,
                                                MetadataValue.EMPTY_STRUCT))));
        MessageWriter out = new MessageWriter(4);
        MetadataWriter.struct(out, struct);
        ListValue.Builder wanted = ListValue.newBuilder();
        wanted.addValues(Value.newBuilder().setStringValue(""));
        wanted.addValues(Value.newBuilder().setNumberValue(0));
        wanted.addValues(Value.newBuilder().setNumberValue(-1.5));
        wanted.addValues(Value.newBuilder().setBoolValue(false));
        wanted.addValues(Value.newBuilder().setNullValue(NullValue.NULL_VALUE));
        wanted.addValues(Value.newBuilder().setStructValue(Struct.getDefaultInstance()));
        assertThat(Struct.parseFrom(out.toByteArray()))
                .isEqualTo(
                        Struct.newBuilder()
                                .putFields("all", Value.newBuilder().setListValue(wanted).build())
                                .build());
    }

    @Test
    void bytesInHexadecimalAndFixedNumbersAreRead() throws Exception {
        MessageWriter out = new MessageWriter(1);
        out.hex(Span.TRACE_ID_FIELD_NUMBER, "0123456789abcdefABCDEF0000000001");
        out.hex(Span.PARENT_SPAN_ID_FIELD_NUMBER, "");
        out.fixed32(Span.FLAGS_FIELD_NUMBER, 0x8000_0301);
        Span read = Span.parseFrom(out.toByteArray());
        assertThat(read.getTraceId())
                .isEqualTo(
                        ByteString.copyFrom(
                                HexFormat.of().parseHex("0123456789abcdefabcdef0000000001")));
        assertThat(read.getFlags()).isEqualTo(0x8000_0301);
        assertThat(out.toByteArray()).isEqualTo(read.toByteArray());
        assertThat(ByteBufUtil.getBytes(out.handOver())).isEqualTo(read.toByteArray());
    }
}
