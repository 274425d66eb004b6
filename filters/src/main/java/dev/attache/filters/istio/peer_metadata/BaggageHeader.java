package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.Baggage;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** The {@code baggage} header of tunnels. Immutable. */
final class BaggageHeader implements Discovery {
    static final HeaderName NAME = HeaderName.of(Baggage.HEADER);

    @Override
    public @Nullable Peer find(StreamInfo info, Headers headers, Exchange exchange) {
        String baggage = headers.get(NAME);
        return baggage == null ? null : new Peer(Baggage.parse(baggage, ""));
    }

    /** Says who this proxy is. */
    record Out(String value) implements Propagation {
        @Override
        public void inject(StreamInfo info, Headers headers, Exchange exchange) {
            headers.set(NAME, value);
        }
    }
}
