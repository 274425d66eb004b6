package dev.attache.filters.transport_sockets.proxy_protocol;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.transport.ProxyHeader;
import dev.attache.proxy.transport.ProxyHeader.Tlv;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * PROXY headers as they go over the wire; the PROXY protocol, versions 1 and 2 (HAProxy's
 * specification, sections 2.1 and 2.2). Addresses that are not both IPv4 or both IPv6 are said to
 * be unknown.
 */
final class HeaderBytes {

    /** Of a header without TLVs. */
    static final int USUAL_SIZE = 128;

    private static final byte[] SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final int LOCAL = 0x20;
    private static final int ON_BEHALF = 0x21;
    private static final int TCP4 = 0x11;
    private static final int TCP6 = 0x21;
    private static final int TLV_HEAD = 3;
    private static final int LONGEST = 0xffff;

    private HeaderBytes() {}

    static void v1(ByteBuf out, Address source, Address destination) {
        String text = "PROXY UNKNOWN\r\n";
        if (areAlike(source, destination)
                && source instanceof IpAddress from
                && destination instanceof IpAddress to) {
            text =
                    "PROXY %s %s %s %d %d\r\n"
                            .formatted(
                                    from.isV6() ? "TCP6" : "TCP4",
                                    from.host(),
                                    to.host(),
                                    from.port(),
                                    to.port());
        }
        out.writeCharSequence(text, StandardCharsets.US_ASCII);
    }

    /** The proxy speaks for itself. */
    static void v2Local(ByteBuf out) {
        out.writeBytes(SIGNATURE).writeByte(LOCAL).writeByte(0).writeShort(0);
    }

    /**
     * @return false where there was no room for all TLVs: the others go
     */
    static boolean v2(ByteBuf out, ProxyHeader header, List<Tlv> tlvs) {
        if (!areAlike(header.source(), header.destination())
                || !(header.source() instanceof IpAddress from)
                || !(header.destination() instanceof IpAddress to)) {
            v2Local(out);
            return true;
        }
        byte[] source = from.ip().getAddress();
        byte[] destination = to.ip().getAddress();
        int addresses = source.length + destination.length + 2 * Short.BYTES;
        List<Tlv> fitting = new ArrayList<>(tlvs.size());
        int length = 0;
        for (Tlv tlv : tlvs) {
            int longer = length + TLV_HEAD + tlv.value().length;
            if (longer <= LONGEST - addresses) {
                length = longer;
                fitting.add(tlv);
            }
        }
        out.writeBytes(SIGNATURE)
                .writeByte(ON_BEHALF)
                .writeByte(from.isV6() ? TCP6 : TCP4)
                .writeShort(addresses + length)
                .writeBytes(source)
                .writeBytes(destination)
                .writeShort(from.port())
                .writeShort(to.port());
        for (Tlv tlv : fitting) {
            out.writeByte(tlv.type()).writeShort(tlv.value().length).writeBytes(tlv.value());
        }
        return fitting.size() == tlvs.size();
    }

    private static boolean areAlike(Address source, Address destination) {
        return source instanceof IpAddress from
                && destination instanceof IpAddress to
                && from.isV6() == to.isV6();
    }
}
