package dev.attache.filters.transport_sockets.proxy_protocol;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.TypedMetadata;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import io.envoyproxy.envoy.config.core.v3.PerHostConfig;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolPassThroughTLVs.PassTLVsMatchType;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transport socket of a cluster whose hosts hear of clients by PROXY protocol. */
public final class UpstreamProxyProtocolFactory
        implements ExtensionCompiler<ProxyProtocolUpstreamTransport, ProxyProtocolTransportSpec> {

    private static final Logger LOG = LoggerFactory.getLogger("connection");

    /** Of a host's typed metadata. */
    private static final String NAMESPACE = "envoy.transport_sockets.proxy_protocol";

    /** One object, so that equal configurations are equal. */
    private static final Function<Metadata, List<Tlv>> OF_HOST =
            UpstreamProxyProtocolFactory::ofHost;

    @Override
    public ProxyProtocolUpstreamTransport prototype() {
        return ProxyProtocolUpstreamTransport.getDefaultInstance();
    }

    @Override
    public Compiled<ProxyProtocolTransportSpec> compile(
            ProxyProtocolUpstreamTransport proto, CompileContext context) {
        ProxyProtocolConfig config = proto.getConfig();
        var pass = config.getPassThroughTlvs();
        boolean all =
                config.hasPassThroughTlvs() && pass.getMatchType() == PassTLVsMatchType.INCLUDE_ALL;
        var inner = proto.getTransportSocket();
        ClientTransportSpec carried =
                context.at("transport_socket")
                        .at("typed_config")
                        .extension(
                                ExtensionCategory.UPSTREAM_TRANSPORT_SOCKET,
                                ClientTransportSpec.class,
                                inner.getName(),
                                inner.getTypedConfig());
        return context.result(
                carried == null
                        ? null
                        : new ProxyProtocolTransportSpec(
                                config.getVersion() == ProxyProtocolConfig.Version.V2,
                                all,
                                Set.copyOf(pass.getTlvTypeList()),
                                tlvs(config.getAddedTlvsList()),
                                OF_HOST,
                                carried));
    }

    private static List<Tlv> ofHost(Metadata host) {
        TypedMetadata own = host.typed().get(NAMESPACE);
        if (own == null) {
            return List.of();
        }
        try {
            return tlvs(PerHostConfig.parseFrom(own.message()).getAddedTlvsList());
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("TLVs of an endpoint's metadata cannot be read, those of its cluster go", e);
            return List.of();
        }
    }

    private static List<Tlv> tlvs(List<TlvEntry> entries) {
        return entries.stream()
                .map(entry -> new Tlv(entry.getType() & 0xff, entry.getValue().toByteArray()))
                .toList();
    }
}
