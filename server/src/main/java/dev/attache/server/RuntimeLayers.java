package dev.attache.server;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.runtime.RuntimeValues;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import java.util.HashMap;
import java.util.Map;

/** The static layers of {@code layered_runtime}, flattened; later layers win. */
final class RuntimeLayers {

    private RuntimeLayers() {}

    static RuntimeValues of(LayeredRuntime runtime) {
        Map<String, Object> values = new HashMap<>();
        for (RuntimeLayer layer : runtime.getLayersList()) {
            flatten("", layer.getStaticLayer(), values);
        }
        return new RuntimeValues(values);
    }

    private static void flatten(String prefix, Struct struct, Map<String, Object> into) {
        struct.getFieldsMap()
                .forEach(
                        (key, value) -> {
                            String name = prefix.isEmpty() ? key : prefix + "." + key;
                            put(name, value, into);
                        });
    }

    private static void put(String name, Value value, Map<String, Object> into) {
        switch (value.getKindCase()) {
            case BOOL_VALUE -> into.put(name, value.getBoolValue());
            case NUMBER_VALUE -> into.put(name, value.getNumberValue());
            case STRING_VALUE -> into.put(name, value.getStringValue());
            case STRUCT_VALUE -> flatten(name, value.getStructValue(), into);
            case LIST_VALUE, NULL_VALUE, KIND_NOT_SET -> into.remove(name);
        }
    }
}
