package dev.attache.proxy.upstream.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.handler.codec.dns.DatagramDnsResponseDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a name server answers: every address is of the family that was asked for, none is made of
 * something else, and nothing leaks.
 */
@Tag("wire")
class DnsAnswerFuzzTest {

    private static final InetSocketAddress SOMEBODY =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);

    static Stream<byte[]> answers() {
        String asked = "0161016200" + "00010001";
        return Stream.of(
                        "0001818000010001"
                                + "00000000"
                                + asked
                                + "c00c000100010000003c0004"
                                + "7f000001",
                        "000181800001000200000000"
                                + asked
                                + "c00c00050001000000000002c00cc00c001c0001ffffffff0010"
                                + "00".repeat(10)
                                + "ffff7f000001",
                        "000181800001000100000000"
                                + asked
                                + "c00c00010001000000050010"
                                + "00".repeat(16),
                        "000181830001000000000000" + asked,
                        "0001818000000001" + "00000000" + "c00c" + "0001000100000000" + "0000")
                .map(HexFormat.of()::parseHex);
    }

    @MethodSource("answers")
    @FuzzTest
    void addressesAreOfTheirFamily(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new DatagramDnsResponseDecoder());
        ByteBuf content = Unpooled.directBuffer(bytes.length + 1).writeBytes(bytes);
        try {
            channel.writeInbound(new DatagramPacket(content, SOMEBODY, SOMEBODY));
        } catch (RuntimeException refusedByNetty) {
            assertThat(content.refCnt()).isZero();
            return;
        }
        DnsResponse response = channel.readInbound();
        if (response != null) {
            List<DnsRecord> records = new ArrayList<>();
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                records.add(response.recordAt(DnsSection.ANSWER, i));
            }
            check(records, DnsRecordType.A, Inet4Address.class);
            check(records, DnsRecordType.AAAA, Inet6Address.class);
            response.release();
        }
        channel.finishAndReleaseAll();
        assertThat(content.refCnt()).isZero();
    }

    private static void check(
            List<DnsRecord> records, DnsRecordType type, Class<? extends InetAddress> family) {
        long ofType = records.stream().filter(each -> each.type().equals(type)).count();
        try {
            List<NameResolver.Record> found = Lookup.addresses(records, type);
            assertThat(found.size()).isLessThanOrEqualTo((int) ofType);
            for (NameResolver.Record each : found) {
                assertThat(each.address()).isInstanceOf(family);
                assertThat(each.ttlSeconds()).isNotNegative();
            }
        } catch (UnknownHostException refused) {
            assertThat(ofType).isPositive();
        }
    }
}
