package dev.attache.filters.istio.metadata_exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadBuilder;
import dev.attache.filters.istio.metadata.WorkloadDirectory;
import dev.attache.filters.istio.metadata.WorkloadMetadata;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilter.Status;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.testkit.filter.proxy.TestHandshake;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataExchangeFilterTest {
    private static final String PROTOCOL = "istio-peer-exchange";
    private static final byte[] OWN =
            PreambleWire.write(WorkloadStruct.of(workload("own")), "sidecar~1");

    private final StatsStore stats = new StatsStore();
    private final WorkloadDirectory directory = new WorkloadDirectory();
    private final ConnectionInfo info =
            new ConnectionInfo(
                    1,
                    0,
                    0,
                    IpAddress.parse("192.0.2.2", 80),
                    IpAddress.parse("192.0.2.1", 40_000));
    private final StreamInfo stream = new StreamInfo(info, 0, 0);
    private final List<String> sent = new ArrayList<>();

    private static WorkloadMetadata workload(String namespace) {
        WorkloadBuilder workload = new WorkloadBuilder();
        workload.namespace = namespace;
        workload.labels.add(new WorkloadMetadata.Label("role", "db"));
        return workload.build();
    }

    private MetadataExchangeFilter filter(boolean downstream, boolean looksUp, String agreed) {
        if (!agreed.isEmpty()) {
            info.tls(TestHandshake.agreedOn(agreed), 1);
        }
        MetadataExchangeFilter filter =
                new MetadataExchangeFilter(
                        new ExchangeSettings(
                                downstream, PROTOCOL, new Preamble(OWN), Set.of("role"), null),
                        new ExchangeStats(stats, 0),
                        looksUp ? directory : null,
                        info);
        filter.attach(
                new NetworkFilter.Inspecting.Control() {
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
                        assertThat(end).isFalse();
                        sent.add(ByteBufUtil.hexDump(toPeer));
                        toPeer.release();
                    }

                    @Override
                    public StreamInfo stream() {
                        return stream;
                    }
                });
        return filter;
    }

    private static ByteBuf bytes(byte[] preamble, String behind) {
        return Unpooled.wrappedBuffer(preamble, behind.getBytes(StandardCharsets.US_ASCII));
    }

    private static String text(ByteBuf data) {
        return data.toString(StandardCharsets.US_ASCII);
    }

    private String namespace(boolean downstream) {
        WorkloadMetadata found = Peer.of(info.filterState(), downstream);
        return found == null ? "nobody" : found.namespace();
    }

    private void counts(String... counters) {
        assertThat(
                        stats.counters().stream()
                                .filter(counter -> counter.value() > 0)
                                .map(counter -> counter.name() + "=" + counter.value()))
                .containsExactlyInAnyOrder(
                        List.of(counters).stream()
                                .map(counter -> "metadata_exchange." + counter)
                                .toArray(String[]::new));
    }

    private static byte[] peer() {
        return PreambleWire.write(WorkloadStruct.of(workload("peer")), "");
    }

    /** As another implementation of the protocol makes them. */
    @Test
    void whatIsSentIsAStructInAnAnyBehindMagicAndLength() throws Exception {
        ByteBuf data = Unpooled.wrappedBuffer(OWN);
        assertThat(data.readInt()).isEqualTo(1_025_705_063);
        assertThat(data.readInt()).isEqualTo(OWN.length - 8);
        Struct struct = Any.parseFrom(ByteBufUtil.getBytes(data)).unpack(Struct.class);
        assertThat(struct.getFieldsOrThrow("x-envoy-peer-metadata-id").getStringValue())
                .isEqualTo("sidecar~1");
        assertThat(
                        struct.getFieldsOrThrow("x-envoy-peer-metadata")
                                .getStructValue()
                                .getFieldsOrThrow("NAMESPACE")
                                .getStringValue())
                .isEqualTo("own");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void bothEndsSayWhoTheyAre(boolean downstream) {
        MetadataExchangeFilter filter = filter(downstream, false, PROTOCOL);
        ByteBuf data = bytes(peer(), "world");
        assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
        assertThat(text(data)).isEqualTo("world");
        assertThat(sent).containsExactly(ByteBufUtil.hexDump(OWN));
        assertThat(namespace(downstream)).isEqualTo("peer");
        assertThat(namespace(!downstream)).isEqualTo("nobody");
        WorkloadMetadata found = Peer.of(info.filterState(), downstream);
        assertThat(found).isEqualTo(workload("peer"));
        counts("alpn_protocol_found=1", "metadata_added=1");
        assertThat(filter.onData(data, true)).isEqualTo(Status.CONTINUE);
        assertThat(filter.onWrite(data, true)).isEqualTo(Status.CONTINUE);
        assertThat(sent).hasSize(1);
    }

    @Test
    void whoWritesFirstSaysItBefore() {
        MetadataExchangeFilter filter = filter(false, false, PROTOCOL);
        assertThat(filter.seesWrites()).isTrue();
        assertThat(filter.onWrite(Unpooled.EMPTY_BUFFER, false)).isEqualTo(Status.CONTINUE);
        assertThat(sent).hasSize(1);
        filter.onData(bytes(peer(), ""), false);
        assertThat(sent).hasSize(1);
        assertThat(namespace(false)).isEqualTo("peer");
    }

    @Test
    void whatArrivesInPiecesWaits() {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        ByteBuf all = bytes(peer(), "x");
        int length = all.readableBytes() - 1;
        ByteBuf arrived = Unpooled.buffer();
        for (int i = 0; i < length - 1; i++) {
            arrived.writeByte(all.readByte());
            assertThat(filter.onData(arrived, false)).as("byte %d", i).isEqualTo(Status.STOP);
        }
        arrived.writeBytes(all);
        assertThat(filter.onData(arrived, false)).isEqualTo(Status.CONTINUE);
        assertThat(text(arrived)).isEqualTo("x");
        assertThat(namespace(true)).isEqualTo("peer");
        counts("alpn_protocol_found=1", "metadata_added=1", "initial_header_not_found=7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h2", "istio"})
    void withoutTheProtocolNothingIsSaid(String agreed) {
        MetadataExchangeFilter filter = filter(true, false, agreed);
        ByteBuf data = bytes(peer(), "");
        assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
        assertThat(data.readableBytes()).isEqualTo(peer().length);
        filter.onWrite(data, false);
        assertThat(sent).isEmpty();
        assertThat(Peer.isMissing(info.filterState())).isTrue();
        counts("alpn_protocol_not_found=1");
    }

    @Test
    void whoSaysSomethingElseIsHeardAsItIs() {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        ByteBuf data = bytes(new byte[0], "GET / HTTP/1.1");
        assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
        assertThat(text(data)).isEqualTo("GET / HTTP/1.1");
        assertThat(Peer.isMissing(info.filterState())).isTrue();
        counts("alpn_protocol_found=1", "metadata_added=1", "initial_header_not_found=1");
    }

    @Test
    void whoEndsTooEarlyIsHeardAsItIs() {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        ByteBuf data = bytes(new byte[0], "bye");
        assertThat(filter.onData(data, true)).isEqualTo(Status.CONTINUE);
        assertThat(text(data)).isEqualTo("bye");
        assertThat(Peer.isMissing(info.filterState())).isFalse();
    }

    @Test
    void whoEndsWithinWhatHeSaysIsHeardAsItIs() {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        ByteBuf data = Unpooled.buffer();
        data.writeInt(PreambleWire.MAGIC).writeInt(9).writeBytes(new byte[] {'b', 'y', 'e'});
        assertThat(filter.onData(data, false)).isEqualTo(Status.STOP);
        assertThat(filter.onData(data, true)).isEqualTo(Status.CONTINUE);
        assertThat(text(data)).isEqualTo("bye");
        assertThat(Peer.isMissing(info.filterState())).isFalse();
    }

    /** More than a connection buffers would never be there. */
    @ParameterizedTest
    @ValueSource(ints = {PreambleWire.LONGEST + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void whoSaysThatMuchWillFollowIsHeardAsItIs(int length) {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        ByteBuf data = Unpooled.buffer();
        data.writeInt(PreambleWire.MAGIC).writeInt(length).writeBytes(new byte[] {'h', 'i'});
        assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
        assertThat(text(data)).isEqualTo("hi");
        assertThat(Peer.isMissing(info.filterState())).isTrue();
        counts("alpn_protocol_found=1", "metadata_added=1", "header_not_found=1");
    }

    @Test
    void aMessageThatIsNoneIsCounted() {
        for (Any message :
                List.of(
                        Any.pack(Value.getDefaultInstance()),
                        Any.newBuilder()
                                .setTypeUrl("type.googleapis.com/google.protobuf.Struct")
                                .setValue(com.google.protobuf.ByteString.copyFromUtf8("\n\5a"))
                                .build())) {
            MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
            byte[] body = message.toByteArray();
            ByteBuf data = Unpooled.buffer();
            data.writeInt(PreambleWire.MAGIC).writeInt(body.length).writeBytes(body);
            assertThat(filter.onData(data, false)).isEqualTo(Status.CONTINUE);
            assertThat(data.readableBytes()).isEqualTo(body.length);
        }
        assertThat(Peer.isMissing(info.filterState())).isTrue();
        counts("alpn_protocol_found=2", "metadata_added=2", "header_not_found=2");
    }

    @Test
    void aPeerThatTellsNothingIsNobody() {
        MetadataExchangeFilter filter = filter(true, false, PROTOCOL);
        byte[] body = Any.pack(Struct.getDefaultInstance()).toByteArray();
        ByteBuf data = Unpooled.buffer();
        data.writeInt(PreambleWire.MAGIC).writeInt(body.length).writeBytes(body);
        filter.onData(data, false);
        assertThat(namespace(true)).isEqualTo("nobody");
        assertThat(Peer.isMissing(info.filterState())).isFalse();
    }

    @Test
    void theDirectoryTellsOfWhoCallsAndWhoIsCalled() {
        at("192.0.2.1", "caller");
        at("198.51.100.7", "called");
        stream.upstreamForWriting().host = IpAddress.parse("198.51.100.7", 80);
        filter(true, true, "").onData(Unpooled.EMPTY_BUFFER, false);
        assertThat(namespace(true)).isEqualTo("caller");
        assertThat(namespace(false)).isEqualTo("called");
        assertThat(Peer.isMissing(info.filterState())).isFalse();
        counts("alpn_protocol_not_found=1", "metadata_added=1");
    }

    @Test
    void theDirectoryTellsOfAHostBehindAnInternalListener() {
        at("198.51.100.7", "called");
        stream.upstreamForWriting().host = new InternalAddress("tunnel", "");
        stream.upstreamForWriting().hostMetadata =
                new Metadata(
                        Map.of(
                                "envoy.filters.listener.original_dst",
                                new MetadataValue.Struct(
                                        Map.of(
                                                "local",
                                                new MetadataValue.Text("198.51.100.7:80")))));
        filter(false, true, "").onWrite(Unpooled.EMPTY_BUFFER, false);
        assertThat(namespace(false)).isEqualTo("called");
        assertThat(namespace(true)).isEqualTo("nobody");
    }

    @Test
    void whoIsNotInTheDirectoryIsMissing() {
        at("203.0.113.1", "other");
        filter(false, true, "").onWrite(Unpooled.EMPTY_BUFFER, false);
        assertThat(namespace(false)).isEqualTo("nobody");
        assertThat(Peer.isMissing(info.filterState())).isTrue();
    }

    private void at(String address, String namespace) {
        directory.change(
                List.of(
                        new WorkloadDirectory.Entry(
                                namespace,
                                List.of(IpAddress.parse(address, 0).ip()),
                                workload(namespace))),
                List.of());
    }
}
