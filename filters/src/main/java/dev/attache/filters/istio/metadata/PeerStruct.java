package dev.attache.filters.istio.metadata;

import dev.attache.proxy.http.Octets;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.json.JsonText;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A workload as a struct, which Envoy keeps serialized (its {@code CelState}). Made when first
 * asked for: few configurations look. Shared by workers, who make the same.
 */
final class PeerStruct implements FilterState.Value {
    private static final String TYPE = "type.googleapis.com/google.protobuf.Struct";

    private final Peer peer;
    private final boolean asNode;
    private volatile MetadataValue.@Nullable Struct fields;

    /**
     * @param asNode in the form of nodes instead of that of expressions
     */
    PeerStruct(Peer peer, boolean asNode) {
        this.peer = peer;
        this.asNode = asNode;
    }

    /** What whoever reads it as the struct of a node makes of it. */
    Peer readAsNode() {
        return asNode ? peer : new Peer(WorkloadStruct.parse(expression(), Set.of()));
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
            known =
                    asNode
                            ? WorkloadStruct.of(peer.workload())
                            : peer.workload().fields(Octets::text);
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
                        asNode ? expression() : peer.workload().fields(UnaryOperator.identity())));
    }

    @Override
    public String typedText() {
        return JsonText.of(typed());
    }
}
