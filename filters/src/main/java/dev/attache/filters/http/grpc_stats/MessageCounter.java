package dev.attache.filters.http.grpc_stats;

import io.netty.buffer.ByteBuf;

/**
 * Counts the length-prefixed messages of one direction (gRPC over HTTP/2,
 * "Length-Prefixed-Message") as they begin, however the bytes are cut, whatever their flags say.
 * Unlike {@link dev.attache.proxy.http.grpc.GrpcFrames} it keeps nothing of them. Loop-confined.
 */
final class MessageCounter {
    private static final int PREFIX = 5;

    private long total;
    private int prefixRead;
    private long length;

    /** How many messages begin in this piece. */
    int inspect(ByteBuf data) {
        int begun = 0;
        int at = data.readerIndex();
        while (at < data.writerIndex()) {
            if (prefixRead == PREFIX) {
                int step = (int) Math.min(length, data.writerIndex() - at);
                length -= step;
                at += step;
                prefixRead = length == 0 ? 0 : PREFIX;
                continue;
            }
            int octet = data.getUnsignedByte(at++);
            if (prefixRead == 0) {
                begun++;
                length = 0;
            } else {
                length = length << 8 | octet;
            }
            prefixRead++;
            if (prefixRead == PREFIX && length == 0) {
                prefixRead = 0;
            }
        }
        total += begun;
        return begun;
    }

    long total() {
        return total;
    }
}
