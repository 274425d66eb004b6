package dev.attache.proxy.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.CodecStats.Counter;
import dev.attache.proxy.http.Http1Options.UnderscoreAction;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.http.ResetReason;
import org.junit.jupiter.api.Test;

/** Frames that are fine by themselves, in numbers that are not. */
class Http2FloodTest extends RawHttp2Client {

    private static final String CONTROL_FLOOD =
            "codec_error:Too_many_control_frames_in_the_outbound_queue. flood";

    private void many(int count, int type, int flags, int stream, byte... payload) {
        for (int i = 0; i < count; i++) {
            frame(type, flags, stream, payload);
        }
    }

    @Test
    void pingsInOneBurstThoughTheyWouldBeRead() {
        start();
        many(1000, PING, 0, 0, new byte[8]);
        send();
        assertThat(events).isEmpty();
        many(1001, PING, 0, 0, new byte[8]);
        send();
        assertThat(events).containsExactly(CONTROL_FLOOD);
        assertThat(counters).containsEntry(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD, 1);
    }

    @Test
    void settingsInOneBurst() {
        start();
        many(1001, SETTINGS, 0, 0);
        send();
        assertThat(events).containsExactly(CONTROL_FLOOD);
    }

    @Test
    void windowsThrashedBySettings() {
        start();
        for (int i = 0; i < 90; i++) {
            frame(HEADERS, END_HEADERS, 1 + 2 * i, request());
        }
        send();
        for (int i = 0; i < 501; i++) {
            frame(SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
            frame(SETTINGS, 0, 0, (byte) 0, (byte) 4, (byte) 0, (byte) 16, (byte) 0, (byte) 0);
        }
        send();
        assertThat(events).containsExactly(CONTROL_FLOOD);
        assertThat(requests)
                .allSatisfy(sink -> assertThat(sink.events).contains("reset PROTOCOL_ERROR"));
    }

    @Test
    void settingsWithMoreEntriesThanThereAreSettings() {
        start();
        frame(SETTINGS, 0, 0, new byte[6 * 32]);
        get(1);
        send();
        assertThat(requests).hasSize(1);
        frame(SETTINGS, 0, 0, new byte[6 * 33]);
        send();
        assertThat(answers()).containsExactly("GOAWAY 11");
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
    }

    @Test
    void acknowledgementsThatNobodyWaitsFor() {
        start();
        frame(SETTINGS, 1, 0);
        send();
        assertThat(events).isEmpty();
        frame(SETTINGS, 1, 0);
        send();
        assertThat(answers()).containsExactly("GOAWAY 1");
    }

    @Test
    void emptyContinuations() {
        start();
        frame(HEADERS, 0, 1);
        frame(CONTINUATION, 0, 1);
        send();
        assertThat(events).containsExactly("http2.inbound_empty_frames_flood flood");
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_EMPTY_FRAMES_FLOOD, 1);
    }

    @Test
    void headersOfPaddingOnly() {
        start();
        frame(HEADERS, 8, 1, (byte) 2, (byte) 0, (byte) 0);
        frame(CONTINUATION, 0, 1);
        send();
        assertThat(events).containsExactly("http2.inbound_empty_frames_flood flood");
    }

    @Test
    void aStreamWindowBeyondItsRange() {
        start();
        frame(HEADERS, END_HEADERS, 1, request());
        frame(WINDOW_UPDATE, 0, 1, (byte) 0x7f, (byte) -1, (byte) -1, (byte) -1);
        send();
        assertThat(answers()).containsExactly("RST 1 3", "GOAWAY 3");
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
    }

    @Test
    void refusalsThatTheClientDoesNotHeed() {
        start(options(UnderscoreAction.ALLOW, false));
        for (int i = 0; i < 1100; i++) {
            get(1 + 2 * i);
        }
        send();
        assertThat(requests).hasSize(100);
        assertThat(events).isEmpty();
        assertThat(counters).containsEntry(Counter.HTTP2_STREAM_REFUSED_ERRORS, 1000);
        get(1 + 2 * 1100);
        send();
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
    }

    @Test
    void streamsThatAreGoneAllowNoMoreFrames() {
        start();
        for (int i = 0; i < 30; i++) {
            get(1 + 2 * i);
            send();
            responses.getLast().headers(block200(), true);
        }
        many(100, PRIORITY, 0, 999, new byte[] {0, 0, 0, 0, 1});
        send();
        assertThat(events).isEmpty();
        many(1, PRIORITY, 0, 999, new byte[] {0, 0, 0, 0, 1});
        send();
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_PRIORITY_FRAMES_FLOOD, 1);
    }

    @Test
    void streamsThatAreThereAllowMoreFrames() {
        start();
        for (int i = 0; i < 20; i++) {
            frame(HEADERS, END_HEADERS, 1 + 2 * i, request());
        }
        many(45, WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
        send();
        assertThat(events).isEmpty();
        many(1, WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1});
        send();
        assertThat(counters).containsEntry(Counter.HTTP2_INBOUND_WINDOW_UPDATE_FRAMES_FLOOD, 1);
    }

    @Test
    void resetsOfAClientBeyondTheBurst() {
        start();
        for (int i = 0; i < 1000; i++) {
            get(1 + 2 * i);
            frame(RST_STREAM, 0, 1 + 2 * i, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            send();
        }
        assertThat(events).isEmpty();
        for (int i = 1000; i < 1034 && events.isEmpty(); i++) {
            get(1 + 2 * i);
            frame(RST_STREAM, 0, 1 + 2 * i, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            send();
        }
        assertThat(events).containsExactly(Http2Details.PROTOCOL_ERROR);
        assertThat(answers()).contains("GOAWAY 2");
    }

    @Test
    void resetsOfAClientAreForgivenWithTime() {
        InboundLimits limits =
                new InboundLimits(
                        options(UnderscoreAction.ALLOW, false),
                        new dev.attache.proxy.http.CodecStats() {
                            @Override
                            public void increment(Counter counter) {}

                            @Override
                            public void add(Gauge gauge, long delta) {}
                        });
        long second = 1_000_000_000L;
        for (int i = 0; i < 1000; i++) {
            assertThat(limits.reset(-5 * second)).isTrue();
        }
        assertThat(limits.reset(-5 * second + 1)).isFalse();
        for (int i = 0; i < 33; i++) {
            assertThat(limits.reset(-4 * second)).isTrue();
        }
        assertThat(limits.reset(-4 * second)).isFalse();
        assertThat(limits.reset(100 * second)).isTrue();
    }

    @Test
    void resetsOfOursThatAreReadAreFine() {
        start();
        for (int i = 0; i < 1024; i++) {
            get(1 + 2 * i);
        }
        send();
        responses.forEach(response -> response.reset(ResetReason.LOCAL_RESET));
        assertThat(events).isEmpty();
        assertThat(answers()).hasSize(1024);
    }

    @Test
    void resetsOfOursThatNobodyReads() {
        start();
        for (int i = 0; i < 1024; i++) {
            get(1 + 2 * i);
        }
        send();
        wire.stopTaking();
        responses.forEach(response -> response.reset(ResetReason.LOCAL_RESET));
        assertThat(events).containsExactly(CONTROL_FLOOD);
    }

    @Test
    void windowUpdatesOfOursAreNoControlFrames() {
        Http2Options small = options(UnderscoreAction.ALLOW, false);
        start(small);
        frame(HEADERS, END_HEADERS, 1, request());
        send();
        wire.stopTaking();
        for (int i = 0; i < 1500; i++) {
            many(2, DATA, 0, 1, new byte[16_384]);
            send();
        }
        assertThat(events).isEmpty();
        assertThat(counters).doesNotContainKey(Counter.HTTP2_OUTBOUND_CONTROL_FLOOD);
    }

    @Test
    void moreResponsesThanTheQueueHolds() {
        start();
        wire.connection().bufferLimit(0);
        wire.stopTaking();
        for (int i = 0; i < 5001 && events.isEmpty(); i++) {
            get(1 + 2 * i);
            send();
            responses.getLast().headers(block200(), false);
            responses.getLast().data(body(), true);
        }
        assertThat(events)
                .containsExactly("codec_error:Too_many_frames_in_the_outbound_queue. flood");
        assertThat(counters).containsEntry(Counter.HTTP2_OUTBOUND_FLOOD, 1);
    }

    @Test
    void requestsWaitForTheNextTurn() {
        start();
        for (int i = 0; i < 100; i++) {
            get(1 + 2 * i);
        }
        sendInOneTurn();
        assertThat(requests).hasSize(16);
        wire.nextTurn();
        assertThat(requests).hasSize(32);
        for (int i = 0; i < 5; i++) {
            wire.nextTurn();
        }
        assertThat(requests).hasSize(100);
    }

    @Test
    void requestsThatTakeLongAreFewerInATurn() {
        start();
        nanosPerRequest = 100_000;
        for (int i = 0; i < 12; i++) {
            get(1 + 2 * i);
        }
        sendInOneTurn();
        assertThat(requests).hasSize(5);
        wire.nextTurn();
        assertThat(requests).hasSize(10);
        wire.nextTurn();
        assertThat(requests).hasSize(12);
    }

    @Test
    void whatComesMeanwhileIsReadBehindWhatWaits() {
        start();
        for (int i = 0; i < 60; i++) {
            get(1 + 2 * i);
        }
        int half = out.readableBytes() / 2 + 3;
        byte[] first = new byte[half];
        out.readBytes(first);
        wire.feedInSameTurn(first);
        byte[] second = new byte[out.readableBytes() - 7];
        out.readBytes(second);
        wire.feedInSameTurn(second);
        sendInOneTurn();
        assertThat(requests).hasSize(16);
        for (int i = 0; i < 5; i++) {
            wire.nextTurn();
        }
        assertThat(requests).hasSize(60);
        assertThat(events).isEmpty();
        assertThat(wire.connection().account().directHeld()).isZero();
    }

    @Test
    void whatWaitsForItsTurnIsDroppedWithTheConnection() {
        start();
        for (int i = 0; i < 100; i++) {
            get(1 + 2 * i);
        }
        sendInOneTurn();
        get(201);
        sendInOneTurn();
        wire.disconnect();
        wire.nextTurn();
        assertThat(requests).hasSize(16);
    }

    @Test
    void smallDataWaitsForTheNextTurn() {
        start();
        frame(HEADERS, END_HEADERS, 1, request());
        many(5000, DATA, 0, 1, (byte) 'x');
        sendInOneTurn();
        int first = requests.getFirst().body.length();
        assertThat(first).isBetween(100, 1000);
        wire.nextTurn();
        assertThat(requests.getFirst().body.length()).isBetween(first + 100, 2000);
    }

    @Test
    void aPeerThatWantsNoHeaders() {
        start();
        frame(SETTINGS, 0, 0, (byte) 0, (byte) 6, (byte) 0, (byte) 0, (byte) 0, (byte) 1);
        get(1);
        send();
        responses.getFirst().headers(block200(), true);
        assertThat(wire.written()).isNotEmpty();
        assertThat(events).isEmpty();
        assertThat(requests.getFirst().events).containsExactly("headers end", "closed");
    }
}
