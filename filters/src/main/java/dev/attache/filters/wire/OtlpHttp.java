package dev.attache.filters.wire;

import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallListener;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.HttpService;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.function.IntConsumer;

/** Requests of OTLP over HTTP, as Envoy makes them: without a length. Stateless. */
public final class OtlpHttp {

    /** In place of a status: there was no whole answer. */
    public static final int UNANSWERED = -1;

    /** What Envoy of this API calls itself. */
    private static final String USER_AGENT = "OTel-OTLP-Exporter-Envoy/1.40.0";

    private OtlpHttp() {}

    /**
     * Sends a message; what is in the answer beside its status does not matter.
     *
     * @param message takes ownership
     * @param answered told the status, or {@link #UNANSWERED}
     */
    public static void post(
            UpstreamCalls calls, HttpService service, ByteBuf message, IntConsumer answered) {
        Headers head = service.post("application/x-protobuf", Nobody.context());
        head.setIfAbsent(HeaderName.USER_AGENT, USER_AGENT);
        calls.start(
                        service.cluster(),
                        head,
                        false,
                        CallOptions.DEFAULT.timeout(service.timeoutMillis()),
                        new Status(answered))
                .data(message, true);
    }

    /** Waits for the end of an answer. */
    private static final class Status implements CallListener {
        private final IntConsumer answered;
        private int status = UNANSWERED;

        Status(IntConsumer answered) {
            this.answered = answered;
        }

        @Override
        public void onHeaders(Headers response, boolean end) {
            status = (int) response.getLong(HeaderName.STATUS);
            endIf(end);
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
            endIf(end);
        }

        @Override
        public void onTrailers(Headers trailers) {
            endIf(true);
        }

        @Override
        public void onFailure(CallFailure why) {
            answered.accept(UNANSWERED);
        }

        private void endIf(boolean end) {
            if (end) {
                answered.accept(status);
            }
        }
    }
}
