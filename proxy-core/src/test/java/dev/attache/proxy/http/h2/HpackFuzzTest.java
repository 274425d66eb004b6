package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.http.CodecStats;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * HPACK by itself, two blocks one behind the other so that the second meets the table of the first.
 * A decoder of Netty's that judges nothing is the oracle: ours keeps no field it does not see,
 * refuses where it refuses, and keeps no more than the limits allow. What was read can be written
 * and read again.
 */
@Tag("wire")
class HpackFuzzTest {

    private static final Http2Options OPTIONS = Http2Options.DEFAULTS;

    /** In front of each block its length in one octet; what is left is the second block. */
    static Stream<byte[]> blocks() {
        return Stream.of(
                new byte[] {3, (byte) 0x82, (byte) 0x84, (byte) 0x86, (byte) 0x82, (byte) 0xbe},
                bytes("\u0007\u0040\u0001a\u0003b c\u00be\u00be\u0082\u00be"),
                bytes(
                        "\u0000\u003f\u00e1\u001f\u0040\u0006cookie\u0003a=b\u0040\u0006cookie\u0003c=d"),
                bytes("\u0005\u0041\u0003a:1\u00be\u0000\u0004host\u0003b:2"));
    }

    private static byte[] bytes(String octets) {
        return octets.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @MethodSource("blocks")
    @FuzzTest
    void readsWhatThereIs(byte[] input) throws Http2Exception {
        if (input.length == 0) {
            return;
        }
        for (HeaderBlock.Kind kind : HeaderBlock.Kind.values()) {
            HeaderBlock block = new HeaderBlock(OPTIONS, CodecStats.NONE);
            HeaderBlockDecoder ours =
                    new HeaderBlockDecoder(
                            block, id -> kind, 64 * 1024, 2L * OPTIONS.maxHeadersKb() * 1024);
            DefaultHttp2HeadersDecoder plain =
                    new DefaultHttp2HeadersDecoder(false, 2L * OPTIONS.maxHeadersKb() * 1024);
            int first = Math.min(input[0] & 0xff, input.length - 1);
            if (decode(ours, plain, block, Unpooled.wrappedBuffer(input, 1, first))) {
                int second = input.length - 1 - first;
                decode(ours, plain, block, Unpooled.wrappedBuffer(input, 1 + first, second));
            }
        }
    }

    /** False where the connection would have ended. */
    private static boolean decode(
            HeaderBlockDecoder ours,
            DefaultHttp2HeadersDecoder plain,
            HeaderBlock block,
            ByteBuf octets)
            throws Http2Exception {
        List<String> seen = new ArrayList<>();
        String refusal = null;
        try {
            for (Map.Entry<CharSequence, CharSequence> field :
                    plain.decodeHeaders(1, octets.duplicate())) {
                seen.add(field.getKey() + ": " + field.getValue());
            }
        } catch (Http2Exception.HeaderListSizeException e) {
            refusal = "too large";
        } catch (Http2Exception e) {
            refusal = e.getMessage();
        }
        ours.decodeHeaders(1, octets);
        if (block.isMalformed()) {
            assertThat(refusal).isNotIn(null, "too large");
            return false;
        }
        assertThat(refusal).isIn(null, "too large");
        if (block.kind() == HeaderBlock.Kind.IGNORED || block.error() != null) {
            return true;
        }
        assertThat(refusal).isNull();
        Headers headers = block.headers();
        assertThat(headers.size()).isLessThanOrEqualTo(seen.size());
        assertThat(headers.byteSize()).isLessThanOrEqualTo(OPTIONS.maxHeadersKb() * 1024 + 4096);
        assertThat(headers.size()).isLessThanOrEqualTo(OPTIONS.maxHeadersCount());
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            assertThat(seen).anyMatch(f -> f.startsWith(name + ": ") || f.startsWith("host: "));
        }
        assertThat(again(headers, block.kind())).isEqualTo(pseudoFirst(headers));
        return true;
    }

    /** Written as the codec writes, and read by another pair. */
    private static String again(Headers headers, HeaderBlock.Kind kind) throws Http2Exception {
        DefaultHttp2HeadersEncoder encoder =
                new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true, 64, 64);
        ByteBuf out = Unpooled.buffer();
        Http2Headers view = new HeaderView().of(headers);
        encoder.encodeHeaders(1, view, out);
        HeaderBlock block = new HeaderBlock(OPTIONS, CodecStats.NONE);
        new HeaderBlockDecoder(block, id -> kind, 64 * 1024, 4L * OPTIONS.maxHeadersKb() * 1024)
                .decodeHeaders(1, out);
        encoder.close();
        assertThat(block.error()).isNull();
        return pseudoFirst(block.headers());
    }

    /** A {@code host} that became {@code :authority} stands where it came. */
    private static String pseudoFirst(Headers headers) {
        List<String> lines = headers.toString().lines().toList();
        return Stream.concat(
                        lines.stream().filter(line -> line.startsWith(":")),
                        lines.stream().filter(line -> !line.startsWith(":")))
                .toList()
                .toString();
    }
}
