package dev.attache.filters.istio.network_peer_metadata;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.Any;
import com.google.protobuf.Value;
import dev.attache.filters.istio.metadata.Baggage;
import dev.attache.filters.istio.metadata.Peer;
import dev.attache.filters.istio.metadata.WorkloadStruct;
import dev.attache.proxy.address.InternalAddress;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilter.Status;
import dev.attache.proxy.stream.StreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes out of a tunnel, in two pieces: a preamble is taken off whole or nothing is, and it is
 * known either who is at the other end or that nobody says.
 */
@Tag("wire")
class TunnelBytesFuzzTest {

    static Stream<byte[]> bytes() {
        byte[] message = Any.pack(Value.getDefaultInstance()).toByteArray();
        ByteBuf other = Unpooled.buffer();
        other.writeIntLE(PreambleWire.MAGIC).writeIntLE(message.length).writeBytes(message);
        return Stream.of(
                ByteBufUtil.getBytes(
                        PreambleWire.write(
                                WorkloadStruct.of(
                                        Baggage.parse("k8s.pod.name=\u00e9,app.name=a=b", "me")))),
                ByteBufUtil.getBytes(PreambleWire.write(null)),
                ByteBufUtil.getBytes(other),
                new byte[] {0x34, 0x12, (byte) 0xcd, (byte) 0xab, -1, -1, -1, -1, 7},
                new byte[] {0x34});
    }

    @MethodSource("bytes")
    @FuzzTest
    void takesAPreambleOrNothing(byte[] bytes) {
        ConnectionInfo info =
                new ConnectionInfo(
                        1, 0, 0, IpAddress.parse("192.0.2.2", 80), IpAddress.parse("192.0.2.1", 1));
        UpstreamPeerFilter filter = filter(info);
        ByteBuf data = Unpooled.wrappedBuffer(bytes);
        Status first = filter.onData(data.slice(0, bytes.length / 2), false);
        if (first == Status.CONTINUE) {
            data = Unpooled.wrappedBuffer(bytes);
            filter = filter(info);
        }
        assertThat(filter.onData(data, true)).isEqualTo(Status.CONTINUE);

        int taken = data.readerIndex();
        Peer peer = Peer.carried(info.filterState(), Peer.UPSTREAM);
        assertThat(peer != null).isNotEqualTo(Peer.isMissing(info.filterState()));
        if (peer == null) {
            assertThat(taken).isIn(0, PreambleWire.HEAD);
        } else {
            assertThat(taken).isEqualTo(PreambleWire.HEAD + data.getIntLE(Integer.BYTES));
            assertThat(Baggage.of(peer.workload())).isNotNull();
        }
        int left = data.readableBytes();
        assertThat(filter.onData(data, true)).isEqualTo(Status.CONTINUE);
        assertThat(data.readableBytes()).as("what follows").isEqualTo(left);
    }

    private static UpstreamPeerFilter filter(ConnectionInfo info) {
        StreamInfo stream = new StreamInfo(info, 0, 0);
        stream.upstreamForWriting().host = new InternalAddress("connect_originate", "e");
        UpstreamPeerFilter filter = new UpstreamPeerFilter(info);
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
                        throw new AssertionError("it says nothing");
                    }

                    @Override
                    public StreamInfo stream() {
                        return stream;
                    }
                });
        return filter;
    }
}
