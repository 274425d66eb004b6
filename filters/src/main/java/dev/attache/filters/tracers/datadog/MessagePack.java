package dev.attache.filters.tracers.datadog;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes MessagePack. Text is octets. */
final class MessagePack {

    private final ByteBuf out;

    MessagePack(ByteBuf out) {
        this.out = out;
    }

    void map(int fields) {
        out.writeByte(0xdf).writeInt(fields);
    }

    void array(int items) {
        out.writeByte(0xdd).writeInt(items);
    }

    void text(String octets) {
        byte[] raw = octets.getBytes(StandardCharsets.ISO_8859_1);
        out.writeByte(0xdb).writeInt(raw.length).writeBytes(raw);
    }

    /** Without a sign. */
    void number(long value) {
        out.writeByte(0xcf).writeLong(value);
    }

    void real(double value) {
        out.writeByte(0xcb).writeDouble(value);
    }
}
