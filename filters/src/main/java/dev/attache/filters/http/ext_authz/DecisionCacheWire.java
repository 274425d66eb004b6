package dev.attache.filters.http.ext_authz;

import com.google.protobuf.Value;
import com.google.protobuf.Value.KindCase;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.CacheSettings;
import dev.attache.proxy.http.HeaderName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads {@code attache.decision_cache}, which no message describes. */
final class DecisionCacheWire {

    private static final int SIZE = 1000;
    private static final long TTL_MILLIS = 1000;

    private DecisionCacheWire() {}

    static CacheSettings read(Value settings, CompileContext context) {
        List<String> keys = new ArrayList<>();
        long ttl = TTL_MILLIS;
        int size = SIZE;
        boolean denied = false;
        for (Map.Entry<String, Value> entry : settings.getStructValue().getFieldsMap().entrySet()) {
            Value value = entry.getValue();
            CompileContext at = context.at(entry.getKey());
            switch (entry.getKey()) {
                case "key_headers" -> {
                    expect(KindCase.LIST_VALUE, value, "a list of header names", at);
                    value.getListValue().getValuesList().forEach(each -> keys.add(name(each, at)));
                }
                case "ttl_ms" -> ttl = (long) positive(value, at);
                case "max_entries" -> size = (int) positive(value, at);
                case "keep_denied" -> {
                    expect(KindCase.BOOL_VALUE, value, "true or false", at);
                    denied = value.getBoolValue();
                }
                default ->
                        at.error(
                                "unknown setting",
                                "there are key_headers, ttl_ms, max_entries and keep_denied");
            }
        }
        if (keys.isEmpty()) {
            context.at("key_headers").error("at least one header must decide");
        }
        return new CacheSettings(List.copyOf(keys), ttl, size, denied);
    }

    private static void expect(
            KindCase kind, Value value, String description, CompileContext context) {
        if (value.getKindCase() != kind) {
            context.error("must be " + description);
        }
    }

    /** A header that can never be there would make all requests one. */
    private static String name(Value value, CompileContext context) {
        String name = value.getStringValue();
        if (!HeaderName.isValid(name)) {
            context.error("'" + name + "' is no name of a header");
        }
        return name;
    }

    private static double positive(Value value, CompileContext context) {
        double number = value.getNumberValue();
        if (!(number >= 1)) {
            context.error("must be a number greater than 0");
        }
        return number;
    }
}
