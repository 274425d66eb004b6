package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.Bytes;
import dev.attache.filters.cel.value.CelMap;
import dev.attache.filters.cel.value.StructMap;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code filter_state.*}: objects as the structs they are, as a map of their fields where they have
 * some, or as their text in bytes.
 */
final class StateAttributes {
    private StateAttributes() {}

    static Attribute find(String name, boolean upstream) {
        String key = Octets.text(name);
        return context -> {
            FilterState state = upstream ? upstream(context) : context.info().filterState();
            FilterState.Value value = state == null ? null : state.get(key);
            if (value == null) {
                return null;
            }
            MetadataValue seen = value.expression();
            if (seen != null) {
                return StructMap.value(seen);
            }
            return value.hasFields() || !value.isText()
                    ? new Fields(value)
                    : new Bytes(value.serializeAsString());
        };
    }

    static @Nullable FilterState upstream(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null ? null : upstream.filterState;
    }

    /** The fields of an object, each found by its name alone. */
    private record Fields(FilterState.Value value) implements CelMap {
        @Override
        public @Nullable Object get(Object key) {
            if (!(key instanceof String name)) {
                return null;
            }
            String field = Octets.text(name);
            Long number = value.numberField(field);
            return number != null ? number : value.field(field);
        }

        @Override
        public int size() {
            return 0;
        }

        @Override
        public List<Object> keys() {
            return List.of();
        }
    }
}
