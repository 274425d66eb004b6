package dev.attache.proxy.listener.filter;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The TLVs of a PROXY header that rules have kept, by their keys. Immutable. */
record TlvValues(Map<String, String> byKey) implements FilterState.Value {

    TlvValues {
        byKey = Map.copyOf(byKey);
    }

    @Override
    public String serializeAsString() {
        return JsonText.of(typed());
    }

    @Override
    public MetadataValue typed() {
        Map<String, MetadataValue> fields = new HashMap<>();
        byKey.forEach((key, value) -> fields.put(key, new MetadataValue.Text(value)));
        return new MetadataValue.Struct(fields);
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    @Override
    public @Nullable String field(String name) {
        return byKey.get(name);
    }
}
