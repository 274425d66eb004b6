package dev.attache.filters.http.composite;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which composite filters of a stream have executed what, as filter state {@code
 * envoy.extensions.filters.http.composite.matched_actions}. Loop-confined.
 */
final class MatchedActions implements FilterState.Value {
    static final String KEY = "envoy.extensions.filters.http.composite.matched_actions";

    private final Map<String, MetadataValue> actions = new LinkedHashMap<>();

    void add(String filter, String action) {
        actions.put(filter, new MetadataValue.Text(action));
    }

    @Override
    public String serializeAsString() {
        return JsonText.of(typed());
    }

    @Override
    public MetadataValue typed() {
        return new MetadataValue.Struct(actions);
    }
}
