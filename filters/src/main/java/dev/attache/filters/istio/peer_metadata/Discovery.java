package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** One way to find out who is at the other end, opened on a worker. Loop-confined. */
interface Discovery {

    /**
     * Who it is.
     *
     * @param headers of the request, or of the response where it is about who was called
     * @return null where this way does not tell
     */
    @Nullable Peer find(StreamInfo info, Headers headers, Exchange exchange);

    /** Takes away the headers that it reads; also where another way was the first to tell. */
    default void remove(Headers headers) {}
}
