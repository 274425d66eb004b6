package dev.attache.proxy.call;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;

/**
 * One request on its way, as its maker holds it. Loop-confined. After its end every method does
 * nothing.
 */
public interface UpstreamCall {

    /** A piece of the request's body; takes ownership. */
    void data(ByteBuf data, boolean end);

    /** Ends the request. */
    void trailers(Headers trailers);

    /** Gives the call up: the upstream sees a reset, the listener hears nothing more. */
    void cancel();

    /** False from its end on, also while the listener has yet to hear of it. */
    boolean isOpen();

    /** Holds the response back while its reader has no room. */
    Valve input();

    /** More of the request waits than should: the listener was told, and is when it has gone. */
    boolean isAboveHighWatermark();

    /**
     * Says what a gRPC call over it came to, for who counts that; the call is given up next.
     *
     * @param grpcStatus gRPC's number; others than the known ones are possible
     */
    default void settled(int grpcStatus) {}

    /** The host and connection of the last attempt, times and bytes of all. */
    UpstreamInfo upstream();
}
