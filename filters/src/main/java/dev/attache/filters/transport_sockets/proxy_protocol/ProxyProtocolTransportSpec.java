package dev.attache.filters.transport_sockets.proxy_protocol;

import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code envoy.transport_sockets.upstream_proxy_protocol}, compiled. Immutable.
 *
 * @param isV2 version 2 of the header, which alone has TLVs
 * @param passAll every TLV that came with the client goes on
 * @param passed types of those that do where not all do
 * @param added TLVs of our own
 * @param ofHost those of a host's metadata, which come before {@code added}
 * @param carried the transport socket that carries what follows the header
 */
record ProxyProtocolTransportSpec(
        boolean isV2,
        boolean passAll,
        Set<Integer> passed,
        List<Tlv> added,
        Function<Metadata, List<Tlv>> ofHost,
        ClientTransportSpec carried)
        implements ClientTransportSpec {

    ProxyProtocolTransportSpec {
        passed = Set.copyOf(passed);
        added = List.copyOf(added);
    }

    @Override
    public boolean secure() {
        return carried.secure();
    }

    @Override
    public boolean tellsClient() {
        return true;
    }

    @Override
    public ClientTransport open(Scope scope) {
        return new ProxyProtocolTransport(
                this,
                added,
                carried.open(scope),
                scope.scope("upstream.proxyprotocol.").counter("v2_tlvs_exceed_max_length"));
    }

    boolean passes(Tlv tlv) {
        return passAll || passed.contains(tlv.type());
    }
}
