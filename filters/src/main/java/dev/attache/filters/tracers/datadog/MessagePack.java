package dev.attache.filters.tracers.datadog;

import dev.attache.filters.wire.Utf8;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

/** Writes MessagePack. Text is given as octets, and is UTF-8 whatever they are. */
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
        String text = Utf8.of(octets);
        out.writeByte(0xdb).writeInt(ByteBufUtil.utf8Bytes(text));
        ByteBufUtil.writeUtf8(out, text);
    }

    /** Without a sign. */
    void number(long value) {
        out.writeByte(0xcf).writeLong(value);
    }

    void real(double value) {
        out.writeByte(0xcb).writeDouble(value);
    }
}
