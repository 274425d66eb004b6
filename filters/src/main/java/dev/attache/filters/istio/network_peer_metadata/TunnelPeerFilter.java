package dev.attache.filters.istio.network_peer_metadata;

import dev.attache.filters.istio.metadata.Baggage;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** A connection that goes on in a tunnel. Loop-confined. */
final class TunnelPeerFilter implements NetworkFilter.Inspecting {
    /** Where the TCP proxy puts what the CONNECT was answered with. */
    static final String RESPONSE_HEADERS = "envoy.tcp_proxy.propagate_response_headers";

    private final TunnelPeerSpec spec;
    private final ConnectionInfo info;
    private @Nullable Control control;
    private boolean waiting = true;

    TunnelPeerFilter(TunnelPeerSpec spec, ConnectionInfo info) {
        this.spec = spec;
        this.info = info;
    }

    @Override
    public void attach(Control given) {
        control = given;
    }

    @Override
    public Status onNewConnection() {
        if (!spec.baggageKey().isEmpty()) {
            info.filterState().set(spec.baggageKey(), new FilterState.Text(spec.baggage()));
        }
        waiting =
                !(info.dynamicMetadata().get(Discovery.NAMESPACE, Discovery.DISABLED)
                                instanceof MetadataValue.Bool flag
                        && flag.value());
        return Status.CONTINUE;
    }

    @Override
    public boolean seesWrites() {
        return true;
    }

    /** With the first bytes of the answer: what the tunnel has told is there, or never comes. */
    @Override
    public Status onWrite(ByteBuf data, boolean end) {
        if (waiting && control != null) {
            waiting = false;
            control.injectWrite(PreambleWire.write(peer(control.stream().upstream())), false);
        }
        return Status.CONTINUE;
    }

    private MetadataValue.@Nullable Struct peer(@Nullable UpstreamInfo upstream) {
        String baggage = header(info.filterState().get(RESPONSE_HEADERS));
        return baggage == null
                ? null
                : WorkloadStruct.of(Baggage.parse(baggage, identity(upstream)));
    }

    /** The first header of the name. */
    private static @Nullable String header(FilterState.@Nullable Value response) {
        if (response == null
                || !(response.typed() instanceof MetadataValue.Struct struct)
                || !(struct.get("headers") instanceof MetadataValue.Sequence headers)) {
            return null;
        }
        for (MetadataValue each : headers.values()) {
            if (each instanceof MetadataValue.Struct header
                    && header.get("key") instanceof MetadataValue.Text(String key)
                    && key.equals(Baggage.HEADER)
                    && header.get("value") instanceof MetadataValue.Text(String value)) {
                return value;
            }
        }
        return null;
    }

    /** As the certificate of the tunnel's other end has it. */
    private static String identity(@Nullable UpstreamInfo upstream) {
        TlsInfo tls = upstream == null ? null : upstream.tls;
        CertificateNames names = tls == null ? null : tls.peerNames();
        return names == null ? "" : String.join(",", names.uriSans());
    }
}
