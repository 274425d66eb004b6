package dev.attache.proxy.call;

import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;

/**
 * Who waits for what comes back of a call. Called on the worker's loop; the call is over after an
 * end or a failure. What a method throws ends the call and is told to its {@link CallScope}.
 */
public interface CallListener extends WatermarkListener {

    /** The response's head; of interim ones nothing is heard. */
    void onHeaders(Headers response, boolean end);

    /** A piece of its body; takes ownership. */
    void onData(ByteBuf data, boolean end);

    void onTrailers(Headers trailers);

    /** There is no response, or no more of it. */
    void onFailure(CallFailure why);

    /**
     * The call has been given up, by its maker or with its {@link CallScope}, and nothing more is
     * heard of it: what was kept of the response is let go.
     */
    default void onCancelled() {}

    /** More of the request waits for the upstream than should. */
    @Override
    default void onAboveHighWatermark() {}

    @Override
    default void onBelowLowWatermark() {}
}
