package dev.attache.proxy.call.grpc;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;

/** One gRPC call on its way. Loop-confined. After its end every method does nothing. */
public interface GrpcStream {

    /** Sends a message, without frame; takes ownership. */
    void send(ByteBuf message);

    /** There will be no more messages. */
    void halfClose();

    /** Gives the call up: the listener hears nothing more. */
    void cancel();

    /** False from its end on, also while the listener has yet to hear of it. */
    boolean isOpen();

    /** Holds what comes back while its reader has no room. */
    Valve input();

    boolean isAboveHighWatermark();

    /** The host and connection of the last attempt, times and bytes of all. */
    UpstreamInfo upstream();
}
