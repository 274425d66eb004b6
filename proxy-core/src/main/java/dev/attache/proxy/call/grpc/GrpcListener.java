package dev.attache.proxy.call.grpc;

import dev.attache.proxy.http.Headers;
import io.netty.buffer.ByteBuf;

/** Who waits for what comes back of a streamed gRPC call. Called on the worker's loop. */
public interface GrpcListener {

    /** The response has begun. */
    default void onInitialMetadata(Headers metadata) {}

    /**
     * @param message on the heap: nobody has to release it
     */
    void onMessage(ByteBuf message);

    /**
     * The call is over.
     *
     * @param trailers what came with the status; empty where the status is our own
     */
    void onClosed(GrpcOutcome status, Headers trailers);

    /** More of the request waits for the upstream than should. */
    default void onAboveHighWatermark() {}

    default void onBelowLowWatermark() {}
}
