package dev.attache.server.admin.dump;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.proxy.stream.format.json.JsonText;
import dev.attache.server.admin.stats.NumberText;
import io.envoyproxy.envoy.config.bootstrap.v3.LayeredRuntime;
import io.envoyproxy.envoy.config.bootstrap.v3.RuntimeLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code /runtime}: each key with its value in every layer and the one that counts. Pure. */
public final class RuntimeDump {

    private RuntimeDump() {}

    public static String of(LayeredRuntime runtime) {
        int layers = runtime.getLayersCount();
        TreeMap<String, String[]> entries = new TreeMap<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            RuntimeLayer layer = runtime.getLayers(i);
            names.add(layer.getName());
            if (layer.hasStaticLayer()) {
                int index = i;
                flatten("", layer.getStaticLayer())
                        .forEach((key, value) ->
                                entries.computeIfAbsent(key, k -> empty(layers))[index] = value);
            }
        }
        return print(names, entries);
    }

    private static String[] empty(int size) {
        String[] values = new String[size];
        java.util.Arrays.fill(values, "");
        return values;
    }

    private static Map<String, String> flatten(String prefix, Struct struct) {
        Map<String, String> flat = new TreeMap<>();
        for (Map.Entry<String, Value> field : struct.getFieldsMap().entrySet()) {
            String key = prefix + field.getKey();
            Value value = field.getValue();
            switch (value.getKindCase()) {
                case STRUCT_VALUE -> flat.putAll(flatten(key + ".", value.getStructValue()));
                case STRING_VALUE -> flat.put(key, value.getStringValue());
                case BOOL_VALUE -> flat.put(key, Boolean.toString(value.getBoolValue()));
                case NUMBER_VALUE -> flat.put(key, NumberText.of(value.getNumberValue()));
                case LIST_VALUE, NULL_VALUE, KIND_NOT_SET -> flat.put(key, "");
            }
        }
        return flat;
    }

    private static String print(List<String> layers, TreeMap<String, String[]> entries) {
        StringBuilder out = new StringBuilder("{\n \"entries\": {");
        String separator = "";
        for (Map.Entry<String, String[]> entry : entries.entrySet()) {
            String effective = "";
            for (String value : entry.getValue()) {
                effective = value.isEmpty() ? effective : value;
            }
            out.append(separator).append("\n  ");
            JsonText.quote(out, entry.getKey());
            out.append(": {\n   \"layer_values\": ");
            strings(out, List.of(entry.getValue()), "   ");
            out.append(",\n   \"final_value\": ");
            JsonText.quote(out, effective);
            out.append("\n  }");
            separator = ",";
        }
        out.append(entries.isEmpty() ? "}" : "\n }").append(",\n \"layers\": ");
        strings(out, layers, " ");
        return out.append("\n}\n").toString();
    }

    private static void strings(StringBuilder out, List<String> values, String indent) {
        out.append('[');
        String separator = "";
        for (String value : values) {
            out.append(separator).append('\n').append(indent).append(' ');
            JsonText.quote(out, value);
            separator = ",";
        }
        out.append(values.isEmpty() ? "]" : "\n" + indent + "]");
    }
}
