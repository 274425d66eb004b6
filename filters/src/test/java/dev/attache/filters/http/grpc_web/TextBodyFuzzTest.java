package dev.attache.filters.http.grpc_web;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/** Base64 in pieces: the octets are the same however the text is cut. */
@Tag("wire")
class TextBodyFuzzTest {

    static Stream<byte[]> octets() {
        return Stream.of(
                new byte[0], new byte[] {1}, new byte[] {1, 2}, new byte[] {-1, 0, 62, 63, 9});
    }

    @MethodSource("octets")
    @FuzzTest
    void comesBackAsItWas(byte[] octets) {
        byte[] text = Base64.getEncoder().encode(octets);
        for (int size = 1; size <= 5; size++) {
            ByteBuf out = Unpooled.buffer();
            TextBody body = new TextBody();
            for (int at = 0; at < text.length; at += size) {
                ByteBuf piece = Unpooled.wrappedBuffer(text, at, Math.min(size, text.length - at));
                if (body.hasGroup(piece)) {
                    ByteBuf decoded = body.decode(piece, UnpooledByteBufAllocator.DEFAULT);
                    assertThat(decoded).isNotNull();
                    out.writeBytes(decoded);
                    decoded.release();
                } else {
                    body.keep(piece);
                }
            }
            assertThat(body.isEmpty(Unpooled.EMPTY_BUFFER)).isTrue();
            assertThat(out.compareTo(Unpooled.wrappedBuffer(octets))).isZero();
        }
    }

    @MethodSource("octets")
    @FuzzTest
    void takesAnyText(byte[] text) {
        TextBody body = new TextBody();
        ByteBuf piece = Unpooled.wrappedBuffer(text);
        if (body.hasGroup(piece)) {
            ByteBuf decoded = body.decode(piece, UnpooledByteBufAllocator.DEFAULT);
            assertThat(decoded == null ? 0 : decoded.readableBytes())
                    .isLessThanOrEqualTo(text.length / 4 * 3);
            ReferenceCountUtil.release(decoded);
            assertThat(piece.isReadable()).isFalse();
        }
    }

    @Test
    void whatIsNoBase64IsTold() {
        for (String wrong : new String[] {"AA!A", "A===", "====", "AA=A", "AB==", "AA==AAAA"}) {
            ByteBuf text = Unpooled.copiedBuffer(wrong, StandardCharsets.ISO_8859_1);
            assertThat(new TextBody().decode(text, UnpooledByteBufAllocator.DEFAULT))
                    .as(wrong)
                    .isNull();
        }
    }
}
