package dev.attache.filters.transport_sockets.proxy_protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderBytesTest {

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final Address FROM = IpAddress.parse("1.2.3.4", 1111);
    private static final Address TO = IpAddress.parse("5.6.7.8", 80);
    private static final Address FROM_V6 = IpAddress.parse("1:2:3::4", 1111);

    private final ByteBuf out = Unpooled.buffer();

    private String v1(Address from, Address to) {
        HeaderBytes.v1(out, from, to);
        return out.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void versionOneSaysBothAddresses() {
        assertEquals("PROXY TCP4 1.2.3.4 5.6.7.8 1111 80\r\n", v1(FROM, TO));
    }

    @Test
    void versionOneOfIpv6() {
        assertEquals(
                "PROXY TCP6 1:2:3::4 5:6::7 1111 443\r\n",
                v1(FROM_V6, IpAddress.parse("5:6::7", 443)));
    }

    @Test
    void whatIsNotOfOneFamilyIsUnknown() {
        assertEquals("PROXY UNKNOWN\r\n", v1(FROM_V6, TO));
        out.clear();
        assertEquals("PROXY UNKNOWN\r\n", v1(new PipeAddress("/a"), new PipeAddress("/b")));
        out.clear();
        assertTrue(HeaderBytes.v2(out, new ProxyHeader(FROM_V6, TO, List.of()), List.of()));
        assertEquals(SIGNATURE + "20000000", ByteBufUtil.hexDump(out));
    }

    @Test
    void versionTwoCarriesTlvs() {
        assertTrue(
                HeaderBytes.v2(
                        out,
                        new ProxyHeader(FROM, TO, List.of()),
                        List.of(new Tlv(0xe1, new byte[] {1, 2}))));
        assertEquals(
                SIGNATURE + "21110011" + "01020304" + "05060708" + "0457" + "0050" + "e100020102",
                ByteBufUtil.hexDump(out));
    }

    @Test
    void whatHasNoRoomIsLeftOut() {
        assertFalse(
                HeaderBytes.v2(
                        out,
                        new ProxyHeader(FROM, TO, List.of()),
                        List.of(
                                new Tlv(1, new byte[65_000]),
                                new Tlv(2, new byte[1_000]),
                                new Tlv(3, new byte[3]))));
        assertEquals(16 + 12 + 65_003 + 6, out.readableBytes());
        assertEquals(12 + 65_003 + 6, out.getUnsignedShort(14));
    }
}
