package dev.attache.proxy.upstream;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import io.netty.buffer.ByteBuf;

/**
 * The way of one attempt of a call through the filters of its cluster. Owned by the attempt;
 * loop-confined.
 */
public interface CallPassage {

    void requestHeaders(Headers headers, boolean end);

    /** Takes ownership. */
    void requestData(ByteBuf data, boolean end);

    void requestTrailers(Headers trailers);

    /** Where what the host answers begins its way back; the request's head has come through. */
    HttpSink response();

    /** The attempt is over, or given up: nothing comes of its filters any more. Idempotent. */
    void end();
}
