package dev.attache.filters.istio.metadata;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A workload as a struct, which Envoy keeps serialized (its {@code CelState}). Made when first
 * asked for: few configurations look. Equal where the workloads are; shared by workers, who make
 * the same.
 */
final class PeerStruct implements FilterState.Value {
    private static final String TYPE = "type.googleapis.com/google.protobuf.Struct";

    private final WorkloadMetadata workload;
    private volatile MetadataValue.@Nullable Struct fields;

    PeerStruct(WorkloadMetadata workload) {
        this.workload = workload;
    }

    WorkloadMetadata workload() {
        return workload;
    }

    /** The struct on the wire. */
    @Override
    public String serializeAsString() {
        return WorkloadStructWire.octets(expression());
    }

    @Override
    public MetadataValue.Struct expression() {
        MetadataValue.Struct known = fields;
        if (known == null) {
            known = workload.fields(Octets::text);
            fields = known;
        }
        return known;
    }

    @Override
    public MetadataValue.Struct typed() {
        return new MetadataValue.Struct(
                Map.of(
                        "@type",
                        new MetadataValue.Text(TYPE),
                        "value",
                        workload.fields(UnaryOperator.identity())));
    }

    @Override
    public String typedText() {
        return JsonText.of(typed());
    }
}
