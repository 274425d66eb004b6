package dev.attache.filters.istio.network_peer_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilter.Status;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both filters: what one sends ahead the other takes out. */
final class TunnelPeerTest {
    private static final String BAGGAGE = "k8s.deployment.name=cart,k8s.namespace.name=shop";
    private static final Address TUNNEL = new InternalAddress("connect_originate", "e");
    private static final MetadataValue.Struct FLAG =
            new MetadataValue.Struct(
                    Map.of("disable_baggage_discovery", new MetadataValue.Bool(true)));
    private static final Metadata OFF = new Metadata(Map.of("istio.peer_metadata", FLAG));

    private final ConnectionInfo accepted = connection();
    private final ConnectionInfo upstream = connection();
    private final StreamInfo stream = new StreamInfo(upstream, 0, 0);
    private final ByteBuf written = Unpooled.buffer();

    private static ConnectionInfo connection() {
        return new ConnectionInfo(
                1, 0, 0, IpAddress.parse("192.0.2.2", 80), IpAddress.parse("192.0.2.1", 1));
    }

    private NetworkFilter.Inspecting.Control control(StreamInfo of) {
        return new NetworkFilter.Inspecting.Control() {
            @Override
            public void continueReading() {
                throw new AssertionError("it goes on by itself");
            }

            @Override
            public void injectRead(ByteBuf fromPeer, boolean end) {
                throw new AssertionError("it makes nothing for those behind");
            }

            @Override
            public void injectWrite(ByteBuf toPeer, boolean end) {
                written.writeBytes(toPeer);
                toPeer.release();
            }

            @Override
            public StreamInfo stream() {
                return of;
            }
        };
    }

    private TunnelPeerFilter tunnel() {
        TunnelPeerFilter filter = new TunnelPeerFilter(new TunnelPeerSpec("key", "own"), accepted);
        filter.attach(control(new StreamInfo(accepted, 0, 0)));
        assertThat(filter.onNewConnection()).isEqualTo(Status.CONTINUE);
        return filter;
    }

    private UpstreamPeerFilter reader(Address host, Metadata ofHost, Metadata ofCluster) {
        stream.upstreamForWriting().host = host;
        stream.upstreamForWriting().hostMetadata = ofHost;
        stream.clusterMetadata = ofCluster;
        UpstreamPeerFilter filter = new UpstreamPeerFilter(upstream);
        filter.attach(control(stream));
        return filter;
    }

    private UpstreamPeerFilter reader() {
        return reader(TUNNEL, Metadata.EMPTY, Metadata.EMPTY);
    }

    /** As the TCP proxy has what a CONNECT was answered with. */
    private void answered(@Nullable String baggage) {
        MetadataValue.Struct header =
                new MetadataValue.Struct(
                        Map.of(
                                "key", new MetadataValue.Text("baggage"),
                                "value", new MetadataValue.Text(String.valueOf(baggage))));
        MetadataValue all =
                new MetadataValue.Struct(
                        Map.of(
                                "headers",
                                new MetadataValue.Sequence(
                                        baggage == null ? List.of() : List.of(header))));
        accepted.filterState()
                .set(
                        TunnelPeerFilter.RESPONSE_HEADERS,
                        new FilterState.Value() {
                            @Override
                            public String serializeAsString() {
                                return "";
                            }

                            @Override
                            public MetadataValue typed() {
                                return all;
                            }
                        });
    }

    private void write(String text) {
        written.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    private String peer() {
        Peer peer = Peer.carried(upstream.filterState(), "upstream_peer");
        return peer == null ? "nobody" : peer.workload().serializeAsString();
    }

    private boolean isMissing() {
        return Peer.isMissing(upstream.filterState());
    }

    @Test
    void theNodesOwnBaggageIsThereForTheTunnel() {
        tunnel();
        assertThat(accepted.filterState().get("key")).isEqualTo(new FilterState.Text("own"));
    }

    @Test
    void whatTheTunnelTellsIsKnownBeforeIt() {
        TunnelPeerFilter filter = tunnel();
        answered(BAGGAGE);
        assertThat(filter.seesWrites()).isTrue();
        filter.onWrite(Unpooled.EMPTY_BUFFER, false);
        write("data");
        int length = written.readableBytes();
        filter.onWrite(Unpooled.EMPTY_BUFFER, false);
        assertThat(written.readableBytes()).isEqualTo(length);

        assertThat(reader().onData(written, false)).isEqualTo(Status.CONTINUE);
        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo("data");
        assertThat(peer()).isEqualTo("type=deployment,workload=cart,namespace=shop");
        assertThat(isMissing()).isFalse();
        assertThat(Peer.of(upstream.filterState(), false))
                .extracting(WorkloadMetadata::serializeAsString)
                .isEqualTo(peer());
    }

    @Test
    void whatComesInPiecesWaits() {
        answered(BAGGAGE);
        tunnel().onWrite(Unpooled.EMPTY_BUFFER, false);
        UpstreamPeerFilter reader = reader();
        int length = written.readableBytes();
        for (int i = 1; i < length; i++) {
            ByteBuf so = written.slice(0, i);
            assertThat(reader.onData(so, false)).as("byte %d", i).isEqualTo(Status.STOP);
            assertThat(so.readableBytes()).isEqualTo(i);
        }
        assertThat(reader.onData(written, false)).isEqualTo(Status.CONTINUE);
        assertThat(written.isReadable()).isFalse();
        assertThat(peer()).contains("workload=cart");
    }

    @Test
    void whoseTunnelTellsNothingIsMissing() {
        answered(null);
        tunnel().onWrite(Unpooled.EMPTY_BUFFER, false);
        write("data");
        assertThat(reader().onData(written, false)).isEqualTo(Status.CONTINUE);
        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo("data");
        assertThat(peer()).isEqualTo("nobody");
        assertThat(isMissing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "no preamble of ours"})
    void dataWithoutAPreambleIsLeftAlone(String text) {
        write(text);
        assertThat(reader().onData(written, true)).isEqualTo(Status.CONTINUE);
        assertThat(written.toString(StandardCharsets.US_ASCII)).isEqualTo(text);
        assertThat(isMissing()).isTrue();
    }

    @Test
    void aMessageThatIsNoneIsLeftAlone() {
        written.writeIntLE(PreambleWire.MAGIC).writeIntLE(3).writeBytes(new byte[] {10, 5, 1});
        assertThat(reader().onData(written, false)).isEqualTo(Status.CONTINUE);
        assertThat(written.readableBytes()).isEqualTo(11);
        assertThat(isMissing()).isTrue();
    }

    @Test
    void anEndWithinAPreambleIsAnEnd() {
        written.writeIntLE(PreambleWire.MAGIC).writeIntLE(9).writeByte(1);
        assertThat(reader().onData(written, true)).isEqualTo(Status.CONTINUE);
        assertThat(isMissing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {PreambleWire.LONGEST + 1, Integer.MIN_VALUE, -1})
    void nobodyWaitsForMoreThanAConnectionBuffers(int length) {
        written.writeIntLE(PreambleWire.MAGIC).writeIntLE(length).writeByte(1);
        assertThat(reader().onData(written, false)).isEqualTo(Status.CONTINUE);
        assertThat(written.readableBytes()).isEqualTo(9);
        assertThat(isMissing()).isTrue();
    }

    @Test
    void otherHostsAndThoseWhereItIsOffAreLeftAlone() {
        leavesAlone(reader(IpAddress.parse("192.0.2.9", 80), Metadata.EMPTY, Metadata.EMPTY));
        leavesAlone(reader(new InternalAddress("other", ""), Metadata.EMPTY, Metadata.EMPTY));
        leavesAlone(reader(TUNNEL, OFF, Metadata.EMPTY));
        leavesAlone(reader(TUNNEL, Metadata.EMPTY, OFF));
    }

    private void leavesAlone(UpstreamPeerFilter filter) {
        ByteBuf data = PreambleWire.write(null);
        assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
        assertThat(data.readableBytes()).isEqualTo(PreambleWire.HEAD);
        assertThat(isMissing()).isFalse();
    }

    @Test
    void whereItIsOffNothingIsSentAhead() {
        accepted.dynamicMetadata().merge("istio.peer_metadata", FLAG);
        answered(BAGGAGE);
        tunnel().onWrite(Unpooled.EMPTY_BUFFER, false);
        assertThat(written.isReadable()).isFalse();
    }
}
