package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;

/** One stream. Loop-confined. */
final class PeerMetadataFilter implements HttpFilter {
    private final PeerMetadataSpec spec;
    private final List<Discovery> ofClient;
    private final List<Discovery> ofUpstream;
    private final Exchange exchange = new Exchange();

    PeerMetadataFilter(
            PeerMetadataSpec spec, List<Discovery> ofClient, List<Discovery> ofUpstream) {
        this.spec = spec;
        this.ofClient = ofClient;
        this.ofUpstream = ofUpstream;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        discover(ofClient, true, context.info(), headers);
        if (!spec.toUpstream().isEmpty()) {
            context.cluster(); // of which the stream's description tells from then on
            inject(spec.toUpstream(), context.info(), headers);
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        discover(ofUpstream, false, context.info(), headers);
        inject(spec.toClient(), context.info(), headers);
        return Step.CONTINUE;
    }

    /** The first way that tells counts; the headers of all ways go. */
    private void discover(
            List<Discovery> ways, boolean downstream, StreamInfo info, Headers headers) {
        for (int i = 0; i < ways.size(); i++) {
            Peer peer = ways.get(i).find(info, headers, exchange);
            if (peer != null) {
                store(peer, downstream, info.filterState());
                break;
            }
        }
        for (int i = 0; i < ways.size(); i++) {
            ways.get(i).remove(headers);
        }
    }

    /** What an exchange on the connection, or a filter before, has found out stays. */
    private void store(Peer peer, boolean downstream, FilterState state) {
        if (!Peer.isKnown(state, downstream)) {
            peer.store(
                    state,
                    downstream,
                    spec.shared() ? FilterState.Sharing.ONCE : FilterState.Sharing.NONE);
        }
    }

    private void inject(List<Propagation> ways, StreamInfo info, Headers headers) {
        for (int i = 0; i < ways.size(); i++) {
            ways.get(i).inject(info, headers, exchange);
        }
    }
}
