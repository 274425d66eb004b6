package dev.attache.filter;

import org.jspecify.annotations.Nullable;

/** A request or response in the hands of a blocking filter; on the thread of its stream. */
@Stable(since = "0.1")
public interface Message {

    /** To be read and changed before the message goes on. */
    Headers headers();

    /**
     * The whole body, waited for; empty where there is none. At most the buffer limit of the
     * connection: where it is longer the client is answered 413, for a response 500, and this
     * thread is interrupted.
     *
     * @return not to be changed
     * @throws InterruptedException the stream has ended
     * @throws IllegalStateException the message has gone on
     */
    byte[] body() throws InterruptedException;

    /**
     * Replaces the body; {@code content-length} follows. What still comes of the old one is
     * dropped.
     *
     * @param body may be empty: none; not to be changed afterwards
     */
    void body(byte[] body);

    /**
     * The trailers, waited for with the body; to be read and changed. Null where there are none; a
     * blocking filter cannot add them then.
     *
     * @throws InterruptedException the stream has ended
     */
    @Nullable Headers trailers() throws InterruptedException;
}
