package dev.attache.proxy.network.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.Formatter;
import dev.attache.proxy.transport.ClientTransport;
import dev.attache.proxy.transport.ClientTransportSpec;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import dev.attache.proxy.transport.RawClientTransportSpec;
import dev.attache.proxy.transport.TransportOptions;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientTlvsTest {

    private static final Tlv OURS = new Tlv(1, new byte[] {1});
    private static final Tlv THEIRS = new Tlv(1, new byte[] {2});
    private static final Tlv OTHER = new Tlv(2, new byte[] {3});
    private static final Tlv FORMATTED =
            new Tlv(9, "1.2.3.4".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

    private final ConnectionInfo client =
            new ConnectionInfo(
                    1, 0, 0, IpAddress.parse("5.6.7.8", 80), IpAddress.parse("1.2.3.4", 1111));
    private final StreamInfo stream = new StreamInfo(client, 0, 0);

    private record Telling() implements ClientTransportSpec {
        @Override
        public boolean secure() {
            return false;
        }

        @Override
        public boolean tellsClient() {
            return true;
        }

        @Override
        public ClientTransport open(Scope scope) {
            return new RawClientTransportSpec().open(scope);
        }
    }

    private static ClusterSpec cluster(ClientTransportSpec transport) {
        return ClusterSpec.named("c")
                .transports(new TransportSelection(transport, List.of(), null))
                .build();
    }

    private List<Tlv> told(ClientTlvs.Merge merge) {
        ClientTlvs tlvs =
                new ClientTlvs(
                        List.of(OURS),
                        List.of(
                                new ClientTlvs.Formatted(
                                        9,
                                        Formatter.parse(
                                                "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"))),
                        merge);
        ProxyHeader header = tlvs.options(stream, cluster(new Telling())).proxyHeader();
        List<Tlv> all = header == null ? List.of() : header.tlvs();
        assertEquals(new ProxyHeader(client.remoteAddress(), client.localAddress(), all), header);
        return all;
    }

    private void bring(Tlv... tlvs) {
        client.filterState()
                .set(
                        TransportOptions.PROXY_PROTOCOL_OPTIONS,
                        new ProxyHeader(
                                client.remoteAddress(), client.localAddress(), List.of(tlvs)));
    }

    @Test
    void hostsThatAreNotToldHearNothing() {
        assertNull(
                ClientTlvs.NONE
                        .options(stream, cluster(new RawClientTransportSpec()))
                        .proxyHeader());
    }

    @Test
    void oursGoWhereTheClientBroughtNoHeader() {
        assertEquals(List.of(OURS, FORMATTED), told(ClientTlvs.Merge.ADD_IF_ABSENT));
    }

    @Test
    void whatTheClientBroughtStays() {
        bring(THEIRS);
        assertEquals(List.of(THEIRS), told(ClientTlvs.Merge.ADD_IF_ABSENT));
    }

    @Test
    void oursTakeThePlaceOfTheirType() {
        bring(THEIRS, OTHER);
        assertEquals(List.of(OURS, FORMATTED, OTHER), told(ClientTlvs.Merge.OVERWRITE_BY_TYPE));
    }

    @Test
    void oursFollow() {
        bring(THEIRS, OTHER);
        assertEquals(List.of(THEIRS, OTHER, OURS, FORMATTED), told(ClientTlvs.Merge.APPEND));
    }
}
