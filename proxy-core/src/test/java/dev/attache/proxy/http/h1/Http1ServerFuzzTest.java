package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.Http1Options.HeaderKeyFormat;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import dev.attache.proxy.http.RequestSink;
import dev.attache.proxy.http.ServerHttpConnection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * Whatever comes: no exception, no leak, the same requests however the bytes are cut, and no
 * request whose head would not survive being written and read again.
 */
@Tag("wire")
class Http1ServerFuzzTest {

    @FuzzTest
    void readsTheSameHoweverItIsCut(byte[] bytes) {
        for (boolean trailers : new boolean[] {false, true}) {
            Http1Options options =
                    Http1ServerCodecTest.options(
                            true, HeaderKeyFormat.PRESERVE_CASE, trailers, UnderscoreAction.ALLOW);
            String whole = new Run(options).feed(bytes, Math.max(1, bytes.length)).outcome();
            assertThat(new Run(options).feed(bytes, 1).outcome()).isEqualTo(whole);
            assertThat(new Run(options).feed(bytes, 7).outcome()).isEqualTo(whole);
        }
    }

    /** One connection that answers every request. */
    private static final class Run implements ServerHttpConnection.Listener {
        private final EmbeddedConnection wire = new EmbeddedConnection();
        private final List<RecordingSink> requests = new ArrayList<>();
        private final StringBuilder heads = new StringBuilder();

        Run(Http1Options options) {
            wire.connection().handler(new Http1ServerCodec(wire.connection(), options, this));
        }

        Run feed(byte[] bytes, int piece) {
            for (int i = 0; i < bytes.length && wire.channel().isOpen(); i += piece) {
                int end = Math.min(bytes.length, i + piece);
                wire.feed(java.util.Arrays.copyOfRange(bytes, i, end));
                wire.written();
            }
            return this;
        }

        String outcome() {
            StringBuilder outcome = new StringBuilder(heads);
            for (RecordingSink request : requests) {
                outcome.append(request.events).append(request.body).append('\n');
            }
            wire.finish();
            return outcome.toString();
        }

        @Override
        public RequestSink onStream(HttpStream response) {
            RecordingSink sink =
                    new RecordingSink() {
                        @Override
                        public void protocolError(int status, String details) {
                            super.protocolError(status, details);
                            answer(response, Integer.toString(status));
                        }
                    };
            sink.onHead =
                    () -> {
                        Headers headers = sink.headers;
                        heads.append(headers);
                        assertThat(headers.count(HeaderName.METHOD)).isEqualTo(1);
                        assertThat(headers.count(HeaderName.AUTHORITY)).isLessThan(2);
                        assertThat(headers.toString()).doesNotContain("\r", "\0");
                    };
            sink.onEnd = () -> answer(response, "200");
            requests.add(sink);
            return sink;
        }

        private static void answer(HttpStream response, String status) {
            Headers head = new Headers();
            head.add(HeaderName.STATUS, status);
            response.headers(head, true);
        }

        @Override
        public void onConnectionError(String details, boolean flood) {
            throw new AssertionError("HTTP/1 servers answer errors: " + details);
        }
    }
}
