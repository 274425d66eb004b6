package dev.attache.proxy.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.tracing.Sampling.Share;
import org.junit.jupiter.api.Test;

final class SamplingTest {

    private static final Share NONE = new Share(0, 100);

    private static Headers request(HeaderName... present) {
        Headers request = new Headers(MessagePart.REQUEST);
        for (HeaderName name : present) {
            request.add(name, "x");
        }
        return request;
    }

    @Test
    void requestsAreDrawnByTheNumberOfTheirId() {
        Sampling tenth = new Sampling(Share.ALL, new Share(1_000, 10_000), Share.ALL);
        Headers request = request();
        assertThat(tenth.decide(request, TraceReason.NOT_TRACEABLE, 999, 0))
                .isEqualTo(TraceReason.SAMPLING);
        assertThat(tenth.decide(request, TraceReason.NOT_TRACEABLE, 1_000, 0))
                .isEqualTo(TraceReason.NOT_TRACEABLE);
    }

    @Test
    void clientsAndServicesForceIt() {
        Sampling onlyForced = new Sampling(Share.ALL, NONE, Share.ALL);
        assertThat(
                        onlyForced.decide(
                                request(HeaderName.X_CLIENT_TRACE_ID),
                                TraceReason.NOT_TRACEABLE,
                                0,
                                0))
                .isEqualTo(TraceReason.CLIENT_FORCED);
        assertThat(
                        onlyForced.decide(
                                request(HeaderName.X_ENVOY_FORCE_TRACE),
                                TraceReason.NOT_TRACEABLE,
                                0,
                                0))
                .isEqualTo(TraceReason.SERVICE_FORCED);
    }

    @Test
    void overallSamplingHasTheLastWord() {
        Sampling none = new Sampling(Share.ALL, Share.ALL, NONE);
        for (TraceReason told : TraceReason.values()) {
            assertThat(none.decide(request(HeaderName.X_CLIENT_TRACE_ID), told, 0, 0))
                    .isEqualTo(TraceReason.NOT_TRACEABLE);
        }
    }

    @Test
    void whatWasDecidedBeforeStays() {
        Sampling none = new Sampling(NONE, NONE, Share.ALL);
        assertThat(none.decide(request(), TraceReason.SAMPLING, 5, 5))
                .isEqualTo(TraceReason.SAMPLING);
        for (TraceReason reason : TraceReason.values()) {
            assertThat(TraceReason.of(reason.mark())).isEqualTo(reason);
        }
    }

    @Test
    void aDrawnValueCountsWithAllItsBits() {
        assertThat(new Share(50, 100).includes(-1)).isEqualTo(Long.remainderUnsigned(-1, 100) < 50);
    }
}
