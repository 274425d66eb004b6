package dev.attache.proxy.http;

import dev.attache.proxy.connection.Valve;
import dev.attache.proxy.connection.WatermarkListener;
import dev.attache.proxy.memory.MemoryAccount;
import org.jspecify.annotations.Nullable;

/**
 * One stream of a codec, seen from inside: what is put into the sink goes to the wire. Owned by its
 * codec; loop-confined. After its end it takes no more and says so to nobody: bodies are released,
 * everything else is ignored. HTTP/1 codecs use one object for all streams of a connection, so a
 * stream must not be touched after its end.
 */
public interface HttpStream extends HttpSink {

    /** HTTP/2 stream id; a running number on HTTP/1. */
    long id();

    HttpConnection connection();

    /**
     * Holds back what the peer sends on this stream (HTTP/2: no WINDOW_UPDATE; HTTP/1: no read).
     */
    Valve input();

    /** Told when this stream's outgoing buffer is full and when it has drained; null removes. */
    void watermarks(@Nullable WatermarkListener listener);

    /**
     * How long what ends the message may wait for the peer's window, once it is queued; the stream
     * is reset then. To be set before the end. HTTP/1 has none: there the connection's timeouts
     * watch.
     *
     * @param millis 0 = for ever
     */
    default void flushTimeout(long millis) {}

    /**
     * Upstream: the body is a TCP connection's bytes. To be said before the head. HTTP/1 then takes
     * an answer that accepts for accepting, whatever framing it announces, and the end of the
     * request ends the connection.
     */
    default void carriesTcp() {}

    /**
     * Who pays for what this stream holds: the connection's account on HTTP/1, one of its own on
     * HTTP/2, on the upstream side whoever was named last.
     */
    MemoryAccount account();

    /** Upstream: what this stream holds is charged to {@code payer} from now on. */
    void chargeTo(MemoryAccount payer);

    /** Response details that a codec-level reset carries, e.g. {@code http2.too_many_headers}. */
    @Nullable String codecDetails();

    /** Bytes on the wire for this stream so far, headers and framing included. */
    long wireBytesReceived();

    long wireBytesSent();

    /** The part of them that was header blocks. */
    long headerBytesReceived();

    long headerBytesSent();
}
