package dev.attache.filters.istio.metadata_exchange;

import dev.attache.api.Overlay;
import dev.attache.config.extension.CompileContext;
import dev.attache.filters.istio.metadata.NodeWorkloadFactory;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.http.Octets;
import java.util.HashSet;
import java.util.Set;

/** Reads {@code envoy.tcp.metadataexchange.config.MetadataExchange}, the same for both sides. */
final class ExchangeSettingsFactory {
    private ExchangeSettingsFactory() {}

    static ExchangeSettings compile(Overlay proto, boolean downstream, CompileContext context) {
        Set<String> labels = new HashSet<>(proto.texts("additional_labels"));
        return new ExchangeSettings(
                downstream,
                Octets.of(proto.text("protocol")),
                new Preamble(
                        PreambleWire.write(
                                WorkloadStruct.of(NodeWorkloadFactory.of(context, labels)),
                                NodeWorkloadFactory.id(context))),
                labels,
                proto.flag("enable_discovery") ? WorkloadDirectory.of(context) : null);
    }
}
