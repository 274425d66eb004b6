package dev.attache.filters.network.set_filter_state;

import dev.attache.filters.filter_state.StateEntry;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.NetworkFilterSpec;
import java.util.List;

/**
 * What is set when. Immutable.
 *
 * @param onHandshake once TLS is there; at once where there is none
 * @param onData before the first bytes of the client go on
 */
public record SetFilterStateSpec(
        List<StateEntry> onNewConnection, List<StateEntry> onHandshake, List<StateEntry> onData)
        implements NetworkFilterSpec {

    public SetFilterStateSpec {
        onNewConnection = List.copyOf(onNewConnection);
        onHandshake = List.copyOf(onHandshake);
        onData = List.copyOf(onData);
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public NetworkFilterFactory open(NetworkFilterContext context) {
        boolean secure = context.secureTransport();
        return connection -> new SetFilterStateFilter(this, secure, connection.info());
    }
}
