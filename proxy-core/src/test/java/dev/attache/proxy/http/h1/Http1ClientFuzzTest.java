package dev.attache.proxy.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.attache.proxy.connection.EmbeddedConnection;
import dev.attache.proxy.http.ClientHttpConnection;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http1Options;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.RecordingSink;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/**
 * Whatever a server answers: no exception, no leak, the same response however the bytes are cut.
 */
@Tag("wire")
class Http1ClientFuzzTest {

    @FuzzTest
    void readsTheSameHoweverItIsCut(byte[] bytes) {
        for (String method : new String[] {"GET", "HEAD", "CONNECT"}) {
            String whole = outcome(method, bytes, Math.max(1, bytes.length));
            assertThat(outcome(method, bytes, 1)).isEqualTo(whole);
        }
    }

    private static String outcome(String method, byte[] bytes, int piece) {
        EmbeddedConnection wire = new EmbeddedConnection();
        RecordingSink sink = new RecordingSink();
        StringBuilder events = new StringBuilder();
        Http1ClientCodec codec =
                new Http1ClientCodec(wire.connection(), Http1Options.DEFAULTS, new Ends(events));
        wire.connection().handler(codec);
        Headers head = new Headers();
        head.add(HeaderName.METHOD, method);
        head.add(HeaderName.PATH, "/");
        head.add(HeaderName.AUTHORITY, "h:1");
        codec.newStream(sink).headers(head, !method.equals("CONNECT"));
        for (int i = 0; i < bytes.length; i += piece) {
            wire.feed(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)));
        }
        // Whether bytes follow the end is known only in the read that brings both.
        String seen = sink.events + " " + sink.headers + " " + sink.body;
        wire.finish();
        assertThat(events.toString()).hasSizeLessThan(2);
        return seen;
    }

    private record Ends(StringBuilder events) implements ClientHttpConnection.Listener {
        @Override
        public void onGoAway() {}

        @Override
        public void onMaxConcurrentStreams(long max) {}

        @Override
        public void onStreamEnd(HttpStream stream, boolean reusable) {
            events.append('e');
        }

        @Override
        public void onConnectionError(String details) {}
    }
}
