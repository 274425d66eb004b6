package dev.attache.filters.istio.peer_metadata;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.filters.istio.metadata.WorkloadStructWire;
import dev.attache.filters.wire.Base64Text;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.util.AsciiString;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Istio's own headers. Peers send the same with each request, so what was read is kept by the id
 * that comes along: as many as Istio's proxy keeps. Loop-confined.
 */
final class IstioHeaders implements Discovery {
    static final HeaderName ID = HeaderName.of("x-envoy-peer-metadata-id");
    static final HeaderName PEER = HeaderName.of("x-envoy-peer-metadata");
    static final int MAX_PEERS = 500;

    /** Characters of a peer's headers; longer ones are read with each request. */
    static final int LONGEST_KEPT = 8192;

    private final boolean downstream;
    private final Set<String> labels;
    private final Map<String, Peer> known = new HashMap<>();

    /**
     * @param labels that are kept of a peer
     */
    IstioHeaders(boolean downstream, Set<String> labels) {
        this.downstream = downstream;
        this.labels = labels;
    }

    @Override
    public @Nullable Peer find(StreamInfo info, Headers headers, Exchange exchange) {
        String id = headers.get(ID);
        String peer = headers.get(PEER);
        if (downstream) {
            exchange.idReceived = id != null;
            exchange.peerReceived = peer != null;
        }
        return peer == null || peer.isEmpty() ? null : read(id == null ? "" : id, peer);
    }

    private @Nullable Peer read(String id, String text) {
        Peer before = id.isEmpty() ? null : known.get(id);
        if (before != null) {
            return before;
        }
        MetadataValue.Struct struct = WorkloadStructWire.read(Base64Text.decode(text));
        if (struct == null) {
            return null;
        }
        Peer peer = new Peer(WorkloadStruct.parse(struct, labels));
        if (!id.isEmpty() && id.length() + text.length() <= LONGEST_KEPT) {
            keep(id, peer);
        }
        return peer;
    }

    private void keep(String id, Peer peer) {
        if (known.size() > MAX_PEERS) {
            Iterator<String> ids = known.keySet().iterator();
            for (int i = 0; i < MAX_PEERS / 4; i++) {
                ids.next();
                ids.remove();
            }
        }
        known.put(id, peer);
    }

    /** How many peers are kept. */
    int size() {
        return known.size();
    }

    @Override
    public void remove(Headers headers) {
        headers.remove(ID);
        headers.remove(PEER);
    }

    /**
     * Says who this proxy is: to a client only what it has said of itself.
     *
     * @param toClient in responses
     * @param id of the node
     * @param value its workload, encoded
     * @param skipsExternal not to clusters outside of the mesh
     */
    record Out(boolean toClient, AsciiString id, AsciiString value, boolean skipsExternal)
            implements Propagation {
        private static final String PASSTHROUGH = "PassthroughCluster";
        private static final String ISTIO = "istio";

        @Override
        public void inject(StreamInfo info, Headers headers, Exchange exchange) {
            if (isSkipped(info)) {
                return;
            }
            if (!toClient || exchange.idReceived) {
                headers.set(ID, id);
            }
            if (!toClient || exchange.peerReceived) {
                headers.set(PEER, value);
            }
        }

        private boolean isSkipped(StreamInfo info) {
            if (info.clusterName == null) {
                return false;
            }
            if (skipsExternal && PASSTHROUGH.equals(info.clusterName)) {
                return true;
            }
            MetadataValue.Struct istio = info.clusterMetadata.filterMetadata().get(ISTIO);
            return istio != null
                    && ((skipsExternal && isTrue(istio, "external"))
                            || isTrue(istio, "disable_mx"));
        }

        private static boolean isTrue(MetadataValue.Struct struct, String name) {
            return struct.get(name) instanceof MetadataValue.Bool flag && flag.value();
        }
    }
}
