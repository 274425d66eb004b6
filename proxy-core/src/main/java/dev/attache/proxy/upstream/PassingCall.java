package dev.attache.proxy.upstream;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpSink;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import io.netty.buffer.ByteBuf;

/**
 * An attempt of a call as the filters of its cluster find it: no client is behind it, and no route.
 * While they hold it its maker should send no more. Loop-confined.
 */
public interface PassingCall extends Valve {

    ClusterSpec cluster();

    /** Of the whole call, not of one attempt alone. */
    Headers requestHeaders();

    UpstreamInfo upstream();

    /** From 1 on. */
    int attemptCount();

    MemoryAccount memory();

    /** How much a filter may make be held, in bytes. */
    long bufferLimit();

    /** What has come through, to the host. */
    void write(Headers head, boolean end);

    /** As above; takes ownership. */
    void write(ByteBuf data, boolean end);

    /** As above. */
    void writeTrailers(Headers trailers);

    /** Where a response goes that has come through. */
    HttpSink passed();

    /** A filter answers in the host's place: the attempt is over. */
    void reply(Headers head, byte[] body);
}
