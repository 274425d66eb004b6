package dev.attache.config.bootstrap;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.runtime.RuntimeValues;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** {@code layered_runtime}: its static layers flattened, later layers over earlier ones. */
public final class RuntimeCompiler {
    private RuntimeCompiler() {}

    public static RuntimeValues compile(LayeredRuntime runtime, CompileContext context) {
        Map<String, Object> values = new HashMap<>();
        Set<String> names = new HashSet<>();
        boolean admin = false;
        for (int i = 0; i < runtime.getLayersCount(); i++) {
            RuntimeLayer layer = runtime.getLayers(i);
            CompileContext at = context.at("layers", i);
            if (!names.add(layer.getName())) {
                at.at("name").error("Duplicate layer name: " + layer.getName());
            }
            switch (layer.getLayerSpecifierCase()) {
                case STATIC_LAYER ->
                        flatten("", layer.getStaticLayer(), values, at.at("static_layer"));
                case ADMIN_LAYER -> {
                    if (admin) {
                        at.at("admin_layer")
                                .error(
                                        "Too many admin layers specified in LayeredRuntime, at most one may be specified");
                    }
                    admin = true;
                }
                case DISK_LAYER -> at.at("disk_layer").error("disk layers are not built yet");
                case RTDS_LAYER -> at.at("rtds_layer").error("runtime discovery is not built yet");
                case LAYERSPECIFIER_NOT_SET -> at.error("a layer specifier must be set");
            }
        }
        return new RuntimeValues(values);
    }

    private static void flatten(
            String prefix, Struct struct, Map<String, Object> into, CompileContext context) {
        struct.getFieldsMap()
                .forEach((key, value) -> {
                    String name = prefix.isEmpty() ? key : prefix + "." + key;
                    put(name, value, into, context);
                });
    }

    private static void put(
            String name, Value value, Map<String, Object> into, CompileContext context) {
        switch (value.getKindCase()) {
            case BOOL_VALUE -> into.put(name, value.getBoolValue());
            case NUMBER_VALUE -> into.put(name, value.getNumberValue());
            case STRING_VALUE -> into.put(name, value.getStringValue());
            case STRUCT_VALUE -> flatten(name, value.getStructValue(), into, context);
            case LIST_VALUE, NULL_VALUE, KIND_NOT_SET ->
                    context.error("Invalid runtime entry value for " + name);
        }
    }
}
