package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.upstream.lb.PickContext;
import org.jspecify.annotations.Nullable;

/** What balancers ask about one proxied connection. Loop-confined. */
final class TcpProxyPick implements PickContext {

    private static final String LB_NAMESPACE = "envoy.lb";

    private final TcpProxyFactory factory;
    private final ConnectionInfo downstream;
    private final int chosen;

    /**
     * @param chosen position of the cluster, -1 = one that no configuration names
     */
    TcpProxyPick(TcpProxyFactory factory, ConnectionInfo downstream, int chosen) {
        this.factory = factory;
        this.downstream = downstream;
        this.chosen = chosen;
    }

    @Override
    public boolean hasHash() {
        return TcpProxyHash.has(factory.spec(), downstream);
    }

    @Override
    public long hash() {
        return TcpProxyHash.of(factory.spec(), downstream);
    }

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public MetadataValue.@Nullable Struct metadataMatch() {
        MetadataValue.Struct configured = factory.subset(chosen);
        MetadataValue.Struct own = downstream.dynamicMetadata().namespace(LB_NAMESPACE);
        return own == null || configured == null
                ? (own == null ? configured : own)
                : configured.with(own);
    }

    @Override
    public ConnectionInfo downstreamConnection() {
        return downstream;
    }

    @Override
    public Metadata dynamicMetadata() {
        return downstream.dynamicMetadata().snapshot();
    }

    @Override
    public void tell(String namespace, MetadataValue.Struct fields) {
        downstream.dynamicMetadata().merge(namespace, fields);
    }

    @Override
    public FilterState filterState() {
        return downstream.filterState();
    }
}
