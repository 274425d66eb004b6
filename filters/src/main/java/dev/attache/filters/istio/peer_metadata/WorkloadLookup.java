package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.HostAddress;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.UpstreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Asks the directory of workloads for the peer's address. Immutable.
 *
 * @param network this proxy's, octets; a request that comes from another one tells the address of a
 *     gateway
 */
record WorkloadLookup(WorkloadDirectory directory, boolean downstream, String network)
        implements Discovery {
    private static final HeaderName ORIGIN = HeaderName.of("x-forwarded-network");

    @Override
    public @Nullable Peer find(StreamInfo info, Headers headers, Exchange exchange) {
        Address address = downstream ? client(info, headers) : host(info.upstream());
        return address == null ? null : directory.find(address);
    }

    private @Nullable Address client(StreamInfo info, Headers headers) {
        String origin = headers.get(ORIGIN);
        return origin == null || origin.equals(network) ? info.downstreamRemoteAddress() : null;
    }

    private static @Nullable Address host(@Nullable UpstreamInfo upstream) {
        return upstream == null || upstream.host == null
                ? null
                : HostAddress.of(upstream.host, upstream.hostMetadata, true);
    }
}
