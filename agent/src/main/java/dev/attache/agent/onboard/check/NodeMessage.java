package dev.attache.agent.onboard.check;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.agent.document.Json;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.Map;

/**
 * The node as the control plane will know it, from the variables of the agent, but for the group:
 * who names it is registered at once, and others would send requests to a machine without an agent.
 * Stateless.
 */
final class NodeMessage {
    private static final String TEXT = "ISTIO_META_";
    private static final String JSON = "ISTIO_METAJSON_";
    private static final String GROUP = "ISTIO_META_AUTO_REGISTER_GROUP";

    private NodeMessage() {}

    static Node of(Map<String, String> environment) {
        String namespace = environment.getOrDefault("POD_NAMESPACE", "default");
        String domain = namespace + ".svc.cluster.local";
        Struct.Builder metadata = Struct.newBuilder();
        environment.forEach((name, value) -> {
            if (name.startsWith(TEXT) && !name.equals(GROUP)) {
                metadata.putFields(name.substring(TEXT.length()), text(value));
            } else if (name.startsWith(JSON) && Json.parse(value) instanceof Map<?, ?> map) {
                metadata.putFields(name.substring(JSON.length()), value(map));
            }
        });
        put(metadata, "NAME", environment.get("POD_NAME"));
        put(metadata, "NAMESPACE", namespace);
        put(metadata, "SERVICE_ACCOUNT", environment.get("SERVICE_ACCOUNT"));
        put(metadata, "INSTANCE_IPS", environment.get("INSTANCE_IP"));
        return Node.newBuilder()
                .setId(
                        "sidecar~%s~%s.%s~%s"
                                .formatted(
                                        environment.get("INSTANCE_IP"),
                                        environment.get("POD_NAME"),
                                        namespace,
                                        domain))
                .setCluster(environment.getOrDefault("ISTIO_SERVICE", "istio-proxy"))
                .setMetadata(metadata)
                .build();
    }

    private static void put(
            Struct.Builder metadata, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null) {
            metadata.putFields(name, text(value));
        }
    }

    private static Value text(String value) {
        return Value.newBuilder().setStringValue(value).build();
    }

    private static Value value(Object tree) {
        Value.Builder value = Value.newBuilder();
        switch (tree) {
            case Map<?, ?> map -> {
                Struct.Builder fields = Struct.newBuilder();
                map.forEach((name, each) -> fields.putFields(String.valueOf(name), value(each)));
                value.setStructValue(fields);
            }
            case List<?> list -> {
                ListValue.Builder items = ListValue.newBuilder();
                list.forEach(each -> items.addValues(value(each)));
                value.setListValue(items);
            }
            case Number number -> value.setNumberValue(number.doubleValue());
            case Boolean truth -> value.setBoolValue(truth);
            case String text -> value.setStringValue(text);
            default -> value.setNullValue(NullValue.NULL_VALUE);
        }
        return value.build();
    }
}
