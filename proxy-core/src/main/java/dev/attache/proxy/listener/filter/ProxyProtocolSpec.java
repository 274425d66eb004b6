package dev.attache.proxy.listener.filter;

import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import java.util.List;
import java.util.Set;

/**
 * {@code envoy.filters.listener.proxy_protocol}: takes a PROXY header, version 1 or 2, from the
 * front of the connection and believes what it says about the addresses.
 *
 * @param rules TLVs to keep in dynamic metadata, or in filter state
 * @param allowWithoutHeader connections without a header pass as they are
 * @param passThroughTlvs TLV types kept for a PROXY header to the upstream; see {@code passAll}
 * @param passAll every TLV is kept
 * @param disallowedVersions 1 and 2: headers of these versions are refused
 * @param statPrefix stats are {@code proxy_proto.<prefix>.}, without a prefix {@code proxy_proto.}
 * @param inFilterState {@code tlv_location}: under {@link #TLV_STATE_KEY}, whatever the namespace
 */
public record ProxyProtocolSpec(
        List<Rule> rules,
        boolean allowWithoutHeader,
        Set<Integer> passThroughTlvs,
        boolean passAll,
        Set<Integer> disallowedVersions,
        String statPrefix,
        boolean inFilterState)
        implements ListenerFilterSpec {

    /** Filter state key under which the header is kept for upstream transports. */
    public static final String FILTER_STATE_KEY = "envoy.network.proxy_protocol_options";

    /** Filter state key of the TLVs that rules keep. */
    static final String TLV_STATE_KEY = "envoy.network.proxy_protocol.tlv";

    /** Both versions, no TLVs. */
    public static final ProxyProtocolSpec DEFAULTS =
            new ProxyProtocolSpec(List.of(), false, Set.of(), false, Set.of(), "", false);

    /**
     * @param namespace of the metadata; Envoy's default {@code
     *     envoy.filters.listener.proxy_protocol}
     * @param base64 the value is kept so, and not as UTF-8
     */
    public record Rule(int tlvType, String namespace, String key, boolean base64) {}

    public ProxyProtocolSpec {
        rules = List.copyOf(rules);
        passThroughTlvs = Set.copyOf(passThroughTlvs);
        disallowedVersions = Set.copyOf(disallowedVersions);
    }

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        String prefix = statPrefix.isEmpty() ? "proxy_proto." : "proxy_proto." + statPrefix + ".";
        ListenerFilter shared =
                new ProxyProtocolFilter(
                        this,
                        stats.scope(prefix),
                        stats.scope("")
                                .counter("downstream_cx_proxy_proto_error")
                                .cell(worker.index()),
                        worker.index());
        return () -> shared;
    }
}
