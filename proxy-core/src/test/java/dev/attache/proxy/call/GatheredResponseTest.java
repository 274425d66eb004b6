package dev.attache.proxy.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A response that is gathered: what becomes of its pieces, however the call ends. */
class GatheredResponseTest {

    private final List<String> heard = new ArrayList<>();
    private final List<ByteBuf> pieces = new ArrayList<>();
    private final GatheredResponse response =
            new GatheredResponse(
                    10,
                    new ResponseListener() {
                        @Override
                        public void onResponse(Headers head, ByteBuf body) {
                            heard.add(body.toString(StandardCharsets.US_ASCII));
                        }

                        @Override
                        public void onFailure(CallFailure why) {
                            heard.add(why.kind().toString());
                        }
                    });

    private void begin() {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, "200");
        response.onHeaders(head, false);
    }

    private void piece(String text, boolean end) {
        ByteBuf piece = PooledByteBufAllocator.DEFAULT.directBuffer(16);
        piece.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        pieces.add(piece);
        response.onData(piece, end);
    }

    private void nothingIsKept() {
        assertThat(pieces).allMatch(piece -> piece.refCnt() == 0);
    }

    @Test
    void it_is_given_whole() {
        begin();
        piece("one", false);
        piece("two", true);
        assertThat(heard).containsExactly("onetwo");
        nothingIsKept();
    }

    @Test
    void a_call_that_is_given_up_leaves_nothing_behind() {
        begin();
        piece("one", false);
        response.onCancelled();
        assertThat(heard).isEmpty();
        nothingIsKept();
    }

    @Test
    void nor_does_one_that_fails_or_says_too_much() {
        begin();
        piece("one", false);
        response.onFailure(CallFailure.timeout(true));
        piece("eleven bytes", false);
        assertThat(heard).containsExactly("TIMEOUT", "TOO_LARGE");
        nothingIsKept();
    }
}
