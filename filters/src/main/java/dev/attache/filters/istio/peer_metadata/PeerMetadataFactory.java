package dev.attache.filters.istio.peer_metadata;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.OverlayCompiler;
import dev.attache.filters.istio.metadata.Baggage;
import dev.attache.filters.istio.metadata.NodeWorkloadFactory;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.filters.istio.metadata.WorkloadStructWire;
import dev.attache.filters.istio.peer_metadata.PeerMetadataSpec.Way;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads {@code io.istio.http.peer_metadata.Config}. */
public final class PeerMetadataFactory implements OverlayCompiler<HttpFilterSpec> {

    @Override
    public Compiled<HttpFilterSpec> compile(Overlay proto, CompileContext context) {
        Set<String> labels = new HashSet<>(proto.texts("additional_labels"));
        return context.result(
                new PeerMetadataSpec(
                        ways(proto, "downstream_discovery", true, context),
                        ways(proto, "upstream_discovery", false, context),
                        propagation(proto, "downstream_propagation", true, labels, context),
                        propagation(proto, "upstream_propagation", false, labels, context),
                        proto.flag("shared_with_upstream"),
                        labels,
                        Octets.of(NodeWorkloadFactory.text(context, "NETWORK")),
                        WorkloadDirectory.of(context)));
    }

    private static List<Way> ways(
            Overlay proto, String field, boolean downstream, CompileContext context) {
        List<Way> ways = new ArrayList<>();
        List<Overlay> methods = proto.overlays(field);
        for (int i = 0; i < methods.size(); i++) {
            Overlay method = methods.get(i);
            Overlay state = method.overlay("upstream_filter_state");
            if (method.has("workload_discovery")) {
                ways.add(new Way.Workloads());
            } else if (method.has("istio_headers")) {
                ways.add(new Way.Headers());
            } else if (method.has("baggage")) {
                if (downstream) {
                    ways.add(new Way.Baggage());
                } else {
                    context.at(field, i).at("baggage").warning(onlyFor("Baggage", "downstream"));
                }
            } else if (state != null) {
                if (downstream) {
                    context.at(field, i)
                            .at("upstream_filter_state")
                            .warning(onlyFor("UpstreamFilterState", "upstream"));
                } else {
                    ways.add(new Way.State(Octets.of(state.text("peer_metadata_key"))));
                }
            }
        }
        return ways;
    }

    private static String onlyFor(String method, String side) {
        return "%s peer metadata discovery option is only available for %s peer discovery"
                .formatted(method, side);
    }

    private static List<Propagation> propagation(
            Overlay proto,
            String field,
            boolean toClient,
            Set<String> labels,
            CompileContext context) {
        List<Propagation> ways = new ArrayList<>();
        for (Overlay method : proto.overlays(field)) {
            Overlay headers = method.overlay("istio_headers");
            if (headers != null) {
                ways.add(
                        new IstioHeaders.Out(
                                toClient,
                                octets(Octets.of(NodeWorkloadFactory.id(context))),
                                octets(encoded(labels, context)),
                                headers.flag("skip_external_clusters")));
            } else if (method.has("baggage")) {
                ways.add(
                        new BaggageHeader.Out(
                                Baggage.of(NodeWorkloadFactory.of(context, Set.of()))));
            }
        }
        return ways;
    }

    /** As each request gets them, without a look at each character. */
    private static AsciiString octets(String text) {
        return new AsciiString(text.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    private static String encoded(Set<String> labels, CompileContext context) {
        return Base64.getEncoder()
                .encodeToString(
                        WorkloadStructWire.write(
                                WorkloadStruct.of(NodeWorkloadFactory.of(context, labels))));
    }
}
