package dev.attache.filters.istio.metadata;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A workload as the metadata of its node has it, and as peers tell each other: {@code NAME}, {@code
 * NAMESPACE}, {@code LABELS} and more. Text of structs is characters.
 */
public final class WorkloadStruct {
    private static final String CANONICAL_NAME = "service.istio.io/canonical-name";
    private static final String CANONICAL_REVISION = "service.istio.io/canonical-revision";
    private static final String APP_QUALIFIED = "app.kubernetes.io/name";
    private static final String APP = "app";
    private static final String VERSION_QUALIFIED = "app.kubernetes.io/version";
    private static final String VERSION = "version";

    private WorkloadStruct() {}

    /**
     * What the struct tells.
     *
     * @param additional names of labels that are wanted beside the well-known ones
     */
    public static WorkloadMetadata parse(MetadataValue.Struct struct, Set<String> additional) {
        return parse(struct, additional, "", "");
    }

    /**
     * As {@link #parse(MetadataValue.Struct, Set)}, of a node.
     *
     * @param region where the struct tells none
     * @param zone likewise
     */
    public static WorkloadMetadata parse(
            MetadataValue.Struct struct, Set<String> additional, String region, String zone) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.instance = text(struct, "NAME");
        workload.namespace = text(struct, "NAMESPACE");
        workload.workload = text(struct, "WORKLOAD_NAME");
        workload.cluster = text(struct, "CLUSTER_ID");
        workload.identity = text(struct, "IDENTITY");
        workload.region = or(text(struct, "REGION"), Octets.of(region));
        workload.zone = or(text(struct, "AVAILABILITY_ZONE"), Octets.of(zone));
        workload.type = WorkloadType.ofOwner(text(struct, "OWNER"), workload.workload);
        if (struct.get("LABELS") instanceof MetadataValue.Struct labels) {
            workload.canonicalName = text(labels, CANONICAL_NAME);
            workload.canonicalRevision = text(labels, CANONICAL_REVISION);
            workload.appName = or(text(labels, APP_QUALIFIED), text(labels, APP));
            workload.appVersion = or(text(labels, VERSION_QUALIFIED), text(labels, VERSION));
            additional(labels, additional, workload);
        }
        return workload.build();
    }

    private static void additional(
            MetadataValue.Struct labels, Set<String> wanted, WorkloadBuilder workload) {
        if (wanted.isEmpty()) {
            return;
        }
        for (String name : new TreeMap<>(labels.fields()).keySet()) {
            if (wanted.contains(name) && !isWellKnown(name, labels)) {
                workload.labels.add(
                        new WorkloadMetadata.Label(Octets.of(name), text(labels, name)));
            }
        }
    }

    /** Labels that tell something else are none beside. */
    private static boolean isWellKnown(String name, MetadataValue.Struct labels) {
        return switch (name) {
            case CANONICAL_NAME, CANONICAL_REVISION, APP_QUALIFIED, VERSION_QUALIFIED -> true;
            case APP -> text(labels, APP_QUALIFIED).isEmpty();
            case VERSION -> text(labels, VERSION_QUALIFIED).isEmpty();
            default -> false;
        };
    }

    /** The struct that peers are sent. */
    public static MetadataValue.Struct of(WorkloadMetadata workload) {
        Map<String, MetadataValue> fields = new HashMap<>();
        put(fields, "NAME", workload.instance());
        put(fields, "NAMESPACE", workload.namespace());
        put(fields, "WORKLOAD_NAME", workload.workload());
        put(fields, "CLUSTER_ID", workload.cluster());
        put(fields, "IDENTITY", workload.identity());
        Map<String, MetadataValue> labels = new HashMap<>();
        put(labels, CANONICAL_NAME, workload.canonicalName());
        put(labels, CANONICAL_REVISION, workload.canonicalRevision());
        put(labels, APP, workload.appName());
        put(labels, VERSION, workload.appVersion());
        for (WorkloadMetadata.Label label : workload.labels()) {
            String value = Octets.text(label.value());
            labels.put(Octets.text(label.name()), new MetadataValue.Text(value));
        }
        fields.put("LABELS", new MetadataValue.Struct(labels));
        String owner = workload.owner();
        put(fields, "OWNER", owner == null ? "" : owner);
        put(fields, "REGION", workload.region());
        put(fields, "AVAILABILITY_ZONE", workload.zone());
        return new MetadataValue.Struct(fields);
    }

    private static void put(Map<String, MetadataValue> fields, String name, String octets) {
        WorkloadMetadata.put(fields, name, Octets.text(octets));
    }

    private static String or(String first, String second) {
        return first.isEmpty() ? second : first;
    }

    private static String text(MetadataValue.@Nullable Struct struct, String name) {
        return struct != null && struct.get(name) instanceof MetadataValue.Text text
                ? Octets.of(text.value())
                : "";
    }
}
