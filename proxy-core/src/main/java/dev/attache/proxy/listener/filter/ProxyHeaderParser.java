package dev.attache.proxy.listener.filter;

import dev.attache.proxy.address.Address;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.address.PipeAddress;
import dev.attache.proxy.transport.ProxyHeader;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one PROXY protocol header, version 1 (at most 107 bytes) or 2, without consuming it. Use
 * once.
 */
final class ProxyHeaderParser {

    private static final byte[] V2_SIGNATURE = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
    };
    private static final byte[] V1_SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);
    private static final int V1_MAX = 107;
    private static final int V2_HEADER = 16;
    private static final int UNIX_ADDRESS = 108;

    enum Result {
        NEED_MORE,
        ABSENT,
        MALFORMED,
        FOUND
    }

    private int version;
    private int length;
    private @Nullable Address source;
    private @Nullable Address destination;
    private final List<ProxyHeader.Tlv> tlvs = new ArrayList<>(0);

    Result read(ByteBuf data) {
        int v2 = common(data, V2_SIGNATURE);
        int v1 = common(data, V1_SIGNATURE);
        if (v2 == V2_SIGNATURE.length) {
            version = 2;
            return readV2(data);
        }
        if (v1 == V1_SIGNATURE.length) {
            version = 1;
            return readV1(data);
        }
        int available = data.readableBytes();
        return v2 == available || v1 == available ? Result.NEED_MORE : Result.ABSENT;
    }

    private static int common(ByteBuf data, byte[] signature) {
        int limit = Math.min(signature.length, data.readableBytes());
        int same = 0;
        while (same < limit && data.getByte(data.readerIndex() + same) == signature[same]) {
            same++;
        }
        return same;
    }

    private Result readV1(ByteBuf data) {
        int start = data.readerIndex();
        int limit = Math.min(data.readableBytes(), V1_MAX);
        int lineFeed = data.indexOf(start, start + limit, (byte) '\n');
        if (lineFeed < 0) {
            return limit == V1_MAX ? Result.MALFORMED : Result.NEED_MORE;
        }
        if (data.getByte(lineFeed - 1) != '\r') {
            return Result.MALFORMED;
        }
        length = lineFeed + 1 - start;
        String line = data.toString(start, length - 2, StandardCharsets.US_ASCII);
        String[] words = line.split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return Result.FOUND;
        }
        if (words.length != 6 || !(words[1].equals("TCP4") || words[1].equals("TCP6"))) {
            return Result.MALFORMED;
        }
        try {
            boolean v6 = words[1].equals("TCP6");
            source = address(words[2], words[4], v6);
            destination = address(words[3], words[5], v6);
            return Result.FOUND;
        } catch (IllegalArgumentException e) {
            return Result.MALFORMED;
        }
    }

    private static IpAddress address(String ip, String port, boolean v6) {
        if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("port");
        }
        IpAddress address = IpAddress.parse(ip, Integer.parseInt(port));
        if (address.isV6() != v6) {
            throw new IllegalArgumentException("family");
        }
        return address;
    }

    private Result readV2(ByteBuf data) {
        int start = data.readerIndex();
        if (data.readableBytes() < V2_HEADER) {
            return Result.NEED_MORE;
        }
        int versionAndCommand = data.getUnsignedByte(start + 12);
        int family = data.getUnsignedByte(start + 13) >> 4;
        int protocol = data.getUnsignedByte(start + 13) & 0xf;
        int rest = data.getUnsignedShort(start + 14);
        if (versionAndCommand >> 4 != 2 || (versionAndCommand & 0xf) > 1) {
            return Result.MALFORMED;
        }
        boolean local = (versionAndCommand & 0xf) == 0;
        if (data.readableBytes() < V2_HEADER + rest) {
            return Result.NEED_MORE;
        }
        length = V2_HEADER + rest;
        if (local) {
            return Result.FOUND;
        }
        int addresses =
                switch (family) {
                    case 1 -> 12;
                    case 2 -> 36;
                    case 3 -> 2 * UNIX_ADDRESS;
                    default -> 0;
                };
        if (rest < addresses || family > 3 || family != 0 && protocol != 1) {
            return Result.MALFORMED;
        }
        int body = start + V2_HEADER;
        if (family == 1 || family == 2) {
            int size = family == 1 ? 4 : 16;
            source = ip(data, body, size, body + 2 * size);
            destination = ip(data, body + size, size, body + 2 * size + 2);
        } else if (family == 3) {
            source = unix(data, body);
            destination = unix(data, body + UNIX_ADDRESS);
        }
        return readTlvs(data, body + addresses, start + length) ? Result.FOUND : Result.MALFORMED;
    }

    private static IpAddress ip(ByteBuf data, int at, int size, int portAt) {
        byte[] bytes = new byte[size];
        data.getBytes(at, bytes);
        try {
            return new IpAddress(InetAddress.getByAddress(bytes), data.getUnsignedShort(portAt));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    private static PipeAddress unix(ByteBuf data, int at) {
        int end = data.indexOf(at, at + UNIX_ADDRESS, (byte) 0);
        int size = end < 0 ? UNIX_ADDRESS : end - at;
        return new PipeAddress(data.toString(at, size, StandardCharsets.UTF_8));
    }

    private boolean readTlvs(ByteBuf data, int from, int end) {
        int at = from;
        while (at < end) {
            if (end - at < 3) {
                return false;
            }
            int size = data.getUnsignedShort(at + 1);
            if (size > end - at - 3) {
                return false;
            }
            byte[] value = new byte[size];
            data.getBytes(at + 3, value);
            tlvs.add(new ProxyHeader.Tlv(data.getUnsignedByte(at), value));
            at += 3 + size;
        }
        return true;
    }

    /** 1 or 2, once a signature was seen. */
    int version() {
        return version;
    }

    /** Bytes of the header, payload excluded. */
    int length() {
        return length;
    }

    /** Null for UNKNOWN and LOCAL. */
    @Nullable Address source() {
        return source;
    }

    @Nullable Address destination() {
        return destination;
    }

    List<ProxyHeader.Tlv> tlvs() {
        return tlvs;
    }
}
