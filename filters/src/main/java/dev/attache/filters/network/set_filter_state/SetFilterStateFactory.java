package dev.attache.filters.network.set_filter_state;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.filter_state.StateEntriesFactory;
import dev.attache.filters.filter_state.StateEntry;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import io.envoyproxy.envoy.extensions.filters.network.set_filter_state.v3.Config;
import java.util.List;

/** Compiles {@code envoy.filters.network.set_filter_state}. */
public final class SetFilterStateFactory implements ExtensionCompiler<Config, SetFilterStateSpec> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<SetFilterStateSpec> compile(Config proto, CompileContext context) {
        return context.result(
                new SetFilterStateSpec(
                        StateEntriesFactory.compile(
                                proto.getOnNewConnectionList(), "on_new_connection", context),
                        newer(proto, "on_downstream_tls_handshake", context),
                        newer(proto, "on_downstream_data", context)));
    }

    private static List<StateEntry> newer(Config proto, String field, CompileContext context) {
        return StateEntriesFactory.compile(
                Overlay.of(proto).messages(field, FilterStateValue.getDefaultInstance()),
                field,
                context);
    }
}
