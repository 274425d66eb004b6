package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.pipeline.LocalReply;
import org.jspecify.annotations.Nullable;

/**
 * The connection that carries streams, as they see it: what they ask of it and what they tell it.
 * The connection manager is one. Loop-confined.
 */
interface StreamHost {

    Connection connection();

    /** Whether it speaks HTTP/1, where the end of a stream may be the end of the connection. */
    boolean isHttp1();

    /**
     * The answer to a request that overload forbids, or null.
     *
     * @param crowding it holds more memory than there is for one
     */
    @Nullable LocalReply refusal(boolean crowding);

    /** Asked at each response head: whether the peer is to leave, which may begin with it. */
    boolean drainsAtResponse(boolean wanted);

    /** After a refused upgrade the peer is not trusted to send requests: no new ones, please. */
    void drainAfterRefusal();

    /** The codec could not read on. */
    void noteCodecError();

    /**
     * Puts a new stream in the place of one that an internal redirect ends.
     *
     * @param end ends the old one; the connection does not count as idle in between
     */
    ActiveStream succeed(HttpStream response, Runnable end);

    /** A stream has ended and written its log. */
    void removed(ActiveStream stream);
}
