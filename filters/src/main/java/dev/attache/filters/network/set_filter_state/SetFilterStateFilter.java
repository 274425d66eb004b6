package dev.attache.filters.network.set_filter_state;

import dev.attache.filters.filter_state.StateEntry;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One connection. Loop-confined. */
final class SetFilterStateFilter implements NetworkFilter.Inspecting {
    private final SetFilterStateSpec spec;
    private final boolean secure;
    private final ConnectionInfo info;
    private @Nullable Control control;
    private boolean dataSeen;

    SetFilterStateFilter(SetFilterStateSpec spec, boolean secure, ConnectionInfo info) {
        this.spec = spec;
        this.secure = secure;
        this.info = info;
    }

    @Override
    public void attach(Control given) {
        control = given;
    }

    @Override
    public Status onNewConnection() {
        apply(spec.onNewConnection());
        if (!secure) {
            apply(spec.onHandshake());
        }
        return Status.CONTINUE;
    }

    @Override
    public void onConnected() {
        if (secure) {
            apply(spec.onHandshake());
        }
    }

    @Override
    public Status onData(ByteBuf data, boolean end) {
        if (!dataSeen) {
            dataSeen = true;
            apply(spec.onData());
        }
        return Status.CONTINUE;
    }

    private void apply(List<StateEntry> entries) {
        if (!entries.isEmpty() && control != null) {
            StateEntry.apply(entries, FormatContext.of(control.stream(), null), info.filterState());
        }
    }
}
