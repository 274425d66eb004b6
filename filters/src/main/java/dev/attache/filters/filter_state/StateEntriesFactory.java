package dev.attache.filters.filter_state;

import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.metadata.FilterState;
import io.envoyproxy.envoy.extensions.filters.common.set_filter_state.v3.FilterStateValue;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code FilterStateValue}. Stateless. */
public final class StateEntriesFactory {
    private StateEntriesFactory() {}

    /**
     * @param field that holds them
     */
    public static List<StateEntry> compile(
            List<FilterStateValue> values, String field, CompileContext context) {
        List<StateEntry> entries = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            FilterStateValue value = values.get(i);
            CompileContext at = context.at(field, i);
            boolean own = value.getFactoryKey().isEmpty();
            String factory = own ? value.getObjectKey() : value.getFactoryKey();
            ObjectKind kind = ObjectKind.of(factory);
            if (kind == null) {
                at.at(own ? "object_key" : "factory_key").error(unknown(factory));
                continue;
            }
            entries.add(
                    new StateEntry(
                            value.getObjectKey(),
                            kind,
                            SubstitutionFormats.body(
                                    value.getFormatString(), at.at("format_string")),
                            switch (value.getSharedWithUpstream()) {
                                case ONCE -> FilterState.Sharing.ONCE;
                                case TRANSITIVE -> FilterState.Sharing.TRANSITIVE;
                                case NONE, UNRECOGNIZED -> FilterState.Sharing.NONE;
                            },
                            value.getSkipIfEmpty()));
        }
        return entries;
    }

    private static String unknown(String factory) {
        return ObjectKind.isOfEnvoyAlone(factory)
                ? "'%s' is an object that nothing here would read".formatted(factory)
                : "'%s' does not have an object factory".formatted(factory);
    }
}
