package dev.attache.proxy.call;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.function.IntConsumer;

/**
 * Something is sent, and only whether it was taken is of interest. Its body goes out without a
 * length, as Envoy's async client sends it. Loop-confined.
 */
public final class Posting implements CallListener {

    /** The answer broke off. */
    public static final int UNANSWERED = 0;

    private final IntConsumer outcome;
    private int status;

    private Posting(IntConsumer outcome) {
        this.outcome = outcome;
    }

    /**
     * Sends a request.
     *
     * @param body takes ownership
     * @param outcome hears the status of the response once it is whole, or {@link #UNANSWERED};
     *     where there is none, what the router would answer in its place, as in Envoy
     */
    public static void send(
            UpstreamCalls calls,
            String cluster,
            Headers head,
            ByteBuf body,
            CallOptions options,
            IntConsumer outcome) {
        calls.start(cluster, head, false, options, new Posting(outcome)).data(body, true);
    }

    @Override
    public void onHeaders(Headers response, boolean end) {
        status = (int) response.getLong(HeaderName.STATUS);
        if (end) {
            outcome.accept(status);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
        if (end) {
            outcome.accept(status);
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        outcome.accept(status);
    }

    @Override
    public void onFailure(CallFailure why) {
        outcome.accept(why.responseBegan() ? UNANSWERED : why.status());
    }

    @Override
    public void onAboveHighWatermark() {
        // The body is whole and waits; nothing more of it comes.
    }

    @Override
    public void onBelowLowWatermark() {
        // As above.
    }
}
