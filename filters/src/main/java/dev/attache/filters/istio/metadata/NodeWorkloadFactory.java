package dev.attache.filters.istio.metadata;

import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.metadata.MetadataValue;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.Set;

/** The workload that this proxy belongs to, as its node tells. Stateless. */
public final class NodeWorkloadFactory {
    private NodeWorkloadFactory() {}

    /**
     * @param additional names of labels that are told, too
     */
    public static WorkloadMetadata of(CompileContext context, Set<String> additional) {
        Node node = context.settings().node().get();
        return WorkloadStruct.parse(
                metadata(node),
                additional,
                node.getLocality().getRegion(),
                node.getLocality().getZone());
    }

    /** As {@link #of}, of the node's metadata alone. */
    public static WorkloadMetadata withoutLocality(CompileContext context) {
        return WorkloadStruct.parse(metadata(context.settings().node().get()), Set.of());
    }

    /** The node's id. */
    public static String id(CompileContext context) {
        return context.settings().node().get().getId();
    }

    /** Text of the node's metadata, empty where there is none of that name. */
    public static String text(CompileContext context, String name) {
        return metadata(context.settings().node().get()).get(name)
                        instanceof MetadataValue.Text text
                ? text.value()
                : "";
    }

    private static MetadataValue.Struct metadata(Node node) {
        return MetadataValues.compile(node.getMetadata());
    }
}
