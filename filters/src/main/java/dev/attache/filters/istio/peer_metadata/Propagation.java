package dev.attache.filters.istio.peer_metadata;

import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;

/** One way to tell the other end who this is. Immutable. */
interface Propagation {

    /** Puts that into the headers. */
    void inject(StreamInfo info, Headers headers, Exchange exchange);
}
