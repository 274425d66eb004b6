package dev.attache.filters.network.tcp_proxy;

import dev.attache.api.Overlay;
import dev.attache.config.accesslog.SubstitutionFormats;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.network.tcp.ClientTlvs;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import io.envoyproxy.envoy.config.core.v3.TlvEntry;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.ArrayList;
import java.util.List;

/** {@code proxy_protocol_tlvs} and {@code proxy_protocol_tlv_merge_policy}. */
final class ClientTlvsFactory {

    private ClientTlvsFactory() {}

    static ClientTlvs compile(TcpProxy proto, CompileContext context) {
        if (proto.getProxyProtocolTlvsCount() == 0) {
            return ClientTlvs.NONE;
        }
        List<Tlv> fixed = new ArrayList<>();
        List<ClientTlvs.Formatted> formatted = new ArrayList<>();
        for (int i = 0; i < proto.getProxyProtocolTlvsCount(); i++) {
            TlvEntry entry = proto.getProxyProtocolTlvs(i);
            CompileContext at = context.at("proxy_protocol_tlvs", i);
            if (entry.getValue().isEmpty() != entry.hasFormatString()) {
                at.error(
                        "Invalid TLV configuration: "
                                + (entry.hasFormatString()
                                        ? "only one of 'value' or 'format_string' may be set."
                                        : "one of 'value' or 'format_string' must be set."));
            } else if (entry.hasFormatString()) {
                Formatter value =
                        SubstitutionFormats.text(entry.getFormatString(), at.at("format_string"));
                if (value != null) {
                    formatted.add(new ClientTlvs.Formatted(entry.getType(), value));
                }
            } else {
                fixed.add(new Tlv(entry.getType(), entry.getValue().toByteArray()));
            }
        }
        return new ClientTlvs(fixed, formatted, merge(proto));
    }

    private static ClientTlvs.Merge merge(TcpProxy proto) {
        return switch (Overlay.of(proto).choice("proxy_protocol_tlv_merge_policy")) {
            case "OVERWRITE_BY_TYPE_IF_EXISTS_OR_ADD" -> ClientTlvs.Merge.OVERWRITE_BY_TYPE;
            case "APPEND_IF_EXISTS_OR_ADD" -> ClientTlvs.Merge.APPEND;
            default -> ClientTlvs.Merge.ADD_IF_ABSENT;
        };
    }
}
