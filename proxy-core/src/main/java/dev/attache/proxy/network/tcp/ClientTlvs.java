package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code proxy_protocol_tlvs}: what an upstream that hears of the client by a PROXY header is told
 * besides, if its transport socket passes it on. Immutable.
 *
 * @param fixed with values of the configuration
 * @param formatted with values that depend on the connection
 */
public record ClientTlvs(List<Tlv> fixed, List<Formatted> formatted, Merge merge) {

    /** No TLVs: what the client has brought goes on as it is. */
    public static final ClientTlvs NONE = new ClientTlvs(List.of(), List.of(), Merge.ADD_IF_ABSENT);

    /** A TLV whose value is the octets that a format string makes. */
    public record Formatted(int type, Formatter value) {}

    /** {@code proxy_protocol_tlv_merge_policy}: where the client has brought a PROXY header. */
    public enum Merge {
        /** Then only what it has brought. */
        ADD_IF_ABSENT,
        /** Ours first, then what it has brought of other types. */
        OVERWRITE_BY_TYPE,
        /** What it has brought, then ours. */
        APPEND
    }

    public ClientTlvs {
        fixed = List.copyOf(fixed);
        formatted = List.copyOf(formatted);
    }

    /** How a host of {@code carrier} is dialled for {@code stream}'s connection. */
    TransportOptions options(StreamInfo stream, ClusterSpec carrier) {
        ConnectionInfo client = stream.downstream();
        TransportOptions asked = TransportOptions.from(client.filterState());
        if (!carrier.transports().tellsClient()) {
            return asked;
        }
        ProxyHeader brought = asked.proxyHeader();
        if (brought == null) {
            return asked.withProxyHeader(
                    new ProxyHeader(client.remoteAddress(), client.localAddress(), own(stream)));
        }
        return switch (merge) {
            case ADD_IF_ABSENT -> asked;
            case OVERWRITE_BY_TYPE -> asked.withProxyHeader(over(brought, own(stream)));
            case APPEND -> {
                List<Tlv> all = new ArrayList<>(brought.tlvs());
                all.addAll(own(stream));
                yield asked.withProxyHeader(with(brought, all));
            }
        };
    }

    private static ProxyHeader over(ProxyHeader brought, List<Tlv> own) {
        Set<Integer> types = new HashSet<>();
        own.forEach(tlv -> types.add(tlv.type()));
        List<Tlv> all = new ArrayList<>(own);
        for (Tlv tlv : brought.tlvs()) {
            if (!types.contains(tlv.type())) {
                all.add(tlv);
            }
        }
        return with(brought, all);
    }

    private static ProxyHeader with(ProxyHeader brought, List<Tlv> tlvs) {
        return new ProxyHeader(brought.source(), brought.destination(), tlvs);
    }

    private List<Tlv> own(StreamInfo stream) {
        if (formatted.isEmpty()) {
            return fixed;
        }
        List<Tlv> all = new ArrayList<>(fixed);
        FormatContext context = FormatContext.of(stream, null);
        for (Formatted each : formatted) {
            byte[] octets = each.value().format(context).getBytes(StandardCharsets.ISO_8859_1);
            all.add(new Tlv(each.type(), octets));
        }
        return all;
    }
}
