package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * What a filter of the upstream connection has found out. Immutable.
 *
 * @param key of the connection's filter state
 */
record UpstreamState(String key) implements Discovery {

    @Override
    public @Nullable Peer find(StreamInfo info, Headers headers, Exchange exchange) {
        UpstreamInfo upstream = info.upstream();
        FilterState state = upstream == null ? null : upstream.filterState;
        return state == null ? null : Peer.carried(state, key);
    }
}
