package dev.attache.filters.istio.metadata;

import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A workload: the object of filter state whose fields {@code
 * %FILTER_STATE(downstream_peer_obj:FIELD:workload)%} prints. All text is octets, empty where
 * nothing is known. Immutable.
 *
 * @param instance name of the pod
 * @param canonicalName of the service ({@code service.istio.io/canonical-name})
 * @param canonicalRevision of the service
 * @param labels those that were asked for, in order
 */
public record WorkloadMetadata(
        String instance,
        String cluster,
        String namespace,
        String workload,
        String canonicalName,
        String canonicalRevision,
        String appName,
        String appVersion,
        WorkloadType type,
        String identity,
        String region,
        String zone,
        List<Label> labels)
        implements FilterState.Value {

    private static final String OWNER = "kubernetes://apis/apps/v1/namespaces/";

    /** One label of the workload. */
    public record Label(String name, String value) {}

    public WorkloadMetadata {
        labels = List.copyOf(labels);
    }

    /**
     * The workload that an endpoint's metadata names ({@code istio.workload}): workload, namespace,
     * canonical name, canonical revision, cluster, between semicolons.
     *
     * @return null where there are less of them
     */
    public static @Nullable WorkloadMetadata ofEndpoint(String text) {
        String[] parts = text.split(";", -1);
        if (parts.length < 5) {
            return null;
        }
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.workload = parts[0];
        workload.namespace = parts[1];
        workload.canonicalName = parts[2];
        workload.canonicalRevision = parts[3];
        workload.cluster = parts[4];
        return workload.build();
    }

    /** The workload's owner in Kubernetes, or null where its type is not known. */
    public @Nullable String owner() {
        String suffix = type.suffix();
        return suffix == null ? null : OWNER + namespace + "/" + suffix + "s/" + workload;
    }

    @Override
    public String serializeAsString() {
        StringBuilder text = new StringBuilder();
        append(text, "type", suffix());
        append(text, "workload", workload);
        append(text, "name", instance);
        append(text, "cluster", cluster);
        append(text, "namespace", namespace);
        append(text, "service", canonicalName);
        append(text, "revision", canonicalRevision);
        append(text, "app", appName);
        append(text, "version", appVersion);
        append(text, "region", region);
        append(text, "availability_zone", zone);
        for (Label label : labels) {
            text.append(text.isEmpty() ? "" : ",").append("labels[]");
            text.append(label.name()).append('=').append(label.value());
        }
        return text.toString();
    }

    private String suffix() {
        String suffix = type.suffix();
        return suffix == null ? "" : suffix;
    }

    private static void append(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(text.isEmpty() ? "" : ",").append(name).append('=').append(value);
        }
    }

    @Override
    public boolean isHashable() {
        return true;
    }

    @Override
    public MetadataValue.Struct typed() {
        return fields(UnaryOperator.identity());
    }

    @Override
    public String typedText() {
        return JsonText.of(typed());
    }

    /**
     * The fields by the names that expressions use.
     *
     * @param form of keys of labels and of all text, which are octets here
     */
    MetadataValue.Struct fields(UnaryOperator<String> form) {
        Map<String, MetadataValue> fields = new HashMap<>();
        put(fields, "type", suffix());
        put(fields, "workload", form.apply(workload));
        if (!cluster.isEmpty()) {
            // The instance stands there with the cluster, also an empty one.
            fields.put("name", new MetadataValue.Text(form.apply(instance)));
        }
        put(fields, "cluster", form.apply(cluster));
        put(fields, "namespace", form.apply(namespace));
        put(fields, "service", form.apply(canonicalName));
        put(fields, "revision", form.apply(canonicalRevision));
        put(fields, "app", form.apply(appName));
        put(fields, "version", form.apply(appVersion));
        put(fields, "identity", form.apply(identity));
        put(fields, "region", form.apply(region));
        put(fields, "availability_zone", form.apply(zone));
        if (!labels.isEmpty()) {
            Map<String, MetadataValue> named = new HashMap<>();
            for (Label label : labels) {
                String value = form.apply(label.value());
                named.put(form.apply(label.name()), new MetadataValue.Text(value));
            }
            fields.put("labels", new MetadataValue.Struct(named));
        }
        return new MetadataValue.Struct(fields);
    }

    static void put(Map<String, MetadataValue> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, new MetadataValue.Text(value));
        }
    }

    @Override
    public boolean hasFields() {
        return true;
    }

    @Override
    public @Nullable String field(String name) {
        return switch (name) {
            case "namespace" -> namespace;
            case "cluster" -> cluster;
            case "service" -> canonicalName;
            case "revision" -> canonicalRevision;
            case "app" -> appName;
            case "version" -> appVersion;
            case "workload" -> workload;
            case "type" -> type.suffix() == null ? "unknown" : type.suffix();
            case "name" -> instance;
            case "region" -> region;
            case "availability_zone" -> zone;
            default -> null;
        };
    }
}
