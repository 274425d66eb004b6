package dev.attache.filters.network.sni_dynamic_forward_proxy;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.CloseType;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.StateValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.upstream.discovery.CachedName;
import dev.attache.proxy.upstream.discovery.DnsCache;
import dev.attache.proxy.upstream.discovery.NameWait;
import dev.attache.proxy.upstream.spec.DynamicNames;
import dev.attache.proxy.upstream.spec.HostPort;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One connection: held, and not read, until something is known of its name. Loop-confined. */
final class SniDynamicForwardProxyFilter implements NetworkFilter.Inspecting {

    private final SniDynamicForwardProxySpec spec;
    private final DnsCache cache;
    private final Connection connection;
    private @Nullable Control control;
    private @Nullable NameWait wait;

    SniDynamicForwardProxyFilter(
            SniDynamicForwardProxySpec spec, DnsCache cache, Connection connection) {
        this.spec = spec;
        this.cache = cache;
        this.connection = connection;
    }

    @Override
    public void attach(Control way) {
        control = way;
    }

    @Override
    public Status onNewConnection() {
        FilterState state = connection.info().filterState();
        String host = DynamicNames.host(state);
        if (host == null) {
            host = connection.info().requestedServerName();
        }
        if (host == null || host.isEmpty()) {
            return Status.CONTINUE;
        }
        if (!cache.pending().hasRoom()) {
            connection.close(CloseType.NO_FLUSH, null);
            return Status.STOP;
        }
        int port = DynamicNames.port(state, 0);
        if (port == 0) {
            port = spec.port();
            DynamicNames.port(port, state);
        }
        String key = HostPort.key(host, port);
        CachedName known = cache.get(key);
        if (known != null) {
            keep(known);
            return Status.CONTINUE;
        }
        if (cache.isFull()) {
            connection.close(CloseType.NO_FLUSH, null);
            return Status.STOP;
        }
        cache.pending().enter();
        connection.input().hold();
        wait = cache.load(key, port, connection.worker().eventLoop(), this::resolved);
        return Status.STOP;
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        return wait == null ? Status.CONTINUE : Status.STOP;
    }

    private void resolved(CachedName name) {
        wait = null;
        keep(name);
        connection.input().release();
        Control way = control;
        if (way != null) {
            way.continueReading();
        }
    }

    private void keep(CachedName name) {
        if (spec.savesAddress()
                && !name.addresses().isEmpty()
                && name.addresses().getFirst() instanceof IpAddress address) {
            connection
                    .info()
                    .filterState()
                    .set(StateValue.Upstream.KEY, new StateValue.Upstream(address));
        }
    }

    @Override
    public void onClosed(ConnectionEvent event) {
        NameWait open = wait;
        if (open != null) {
            wait = null;
            open.cancel();
        }
    }
}
