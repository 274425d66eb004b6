package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets to send when not all can. */
class SenderTest implements ServerHttpConnection.Listener {

    private static final String GET = "\u0082\u0086\u0084\u0041\u0001h";

    private final EmbeddedConnection wire = new EmbeddedConnection();
    private final List<HttpStream> responses = new ArrayList<>();

    @Override
    public RequestSink onStream(HttpStream response) {
        responses.add(response);
        return new RecordingSink();
    }

    @Override
    public void onConnectionError(String details, boolean flood) {
        throw new AssertionError(details);
    }

    @AfterEach
    void nothingLeaks() {
        wire.finish();
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        ByteBuf frame = Unpooled.buffer();
        frame.writeMedium(payload.length).writeByte(type).writeByte(flags).writeInt(stream);
        frame.writeBytes(payload);
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        wire.feed(bytes);
    }

    private void start(int streams) {
        wire.connection()
                .handler(new Http2ServerCodec(wire.connection(), Http2Options.DEFAULTS, this));
        wire.feed("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        // Windows of streams far larger than the connection's 65535.
        frame(4, 0, 0, new byte[] {0, 4, 0, 0x7f, 0, 0});
        for (int i = 0; i < streams; i++) {
            frame(1, 5, 1 + 2 * i, GET.getBytes(StandardCharsets.ISO_8859_1));
        }
        wire.written();
    }

    private void answer(HttpStream response, int length) {
        Headers head = new Headers();
        head.add(HeaderName.STATUS, "200");
        response.headers(head, false);
        response.data(Unpooled.wrappedBuffer(new byte[length]), true);
    }

    /** Octets of DATA by stream, in the order of first appearance. */
    private List<String> sent() {
        ByteBuf in = Unpooled.wrappedBuffer(wire.written());
        List<String> seen = new ArrayList<>();
        while (in.isReadable()) {
            int length = in.readMedium();
            int type = in.readByte();
            in.readByte();
            int stream = in.readInt();
            in.skipBytes(length);
            if (type == 0) {
                seen.add(stream + ":" + length);
            }
        }
        return seen;
    }

    @Test
    void theWindowIsSharedFrameByFrame() {
        start(3);
        for (HttpStream response : responses) {
            answer(response, 100_000);
        }
        assertThat(sent()).containsExactly("1:16384", "1:16384", "1:16384", "1:16383");
        frame(8, 0, 0, new byte[] {0, 1, (byte) 0x80, 0});
        assertThat(sent())
                .containsExactly("1:16384", "3:16384", "5:16384", "1:16384", "3:16384", "5:16384");
    }

    @Test
    void aBlockedConnectionStillLetsEndsThrough() {
        start(2);
        answer(responses.get(0), 100_000);
        sent();
        answer(responses.get(1), 0);
        assertThat(sent()).containsExactly("3:0");
    }

    @Test
    void whileTheSocketIsBehindDataWaitsInItsStream() {
        start(2);
        wire.connection().bufferLimit(20_000);
        wire.stopTaking();
        answer(responses.get(0), 60_000);
        answer(responses.get(1), 5_000);
        assertThat(wire.connection().isAboveHighWatermark()).isTrue();
        assertThat(wire.connection().bytesSent()).isLessThan(40_000);
        wire.takeAgain();
        assertThat(sent()).contains("3:5000").endsWith("1:10848");
    }
}
