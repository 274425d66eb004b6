package dev.attache.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an accepted connection began: stands in front of the SSL handler, takes nothing away, and
 * leaves when it has seen enough. Loop-confined.
 */
final class FirstBytes extends ChannelInboundHandlerAdapter {

    /** What tells a request in plain text from a record. */
    private static final int START = 5;

    private final boolean readHello;
    private String start = "";
    private @Nullable ClientHello hello;
    private @Nullable ByteBuf gathered;

    /**
     * @param readHello whether to go on to the end of the ClientHello
     */
    FirstBytes(boolean readHello) {
        this.readHello = readHello;
    }

    /** Up to five characters. */
    String start() {
        return start;
    }

    /** Null until it is complete, or if it was not asked for. */
    @Nullable ClientHello hello() {
        return hello;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (start.length() < START) {
            int more = Math.min(START - start.length(), data.readableBytes());
            start += data.toString(data.readerIndex(), more, StandardCharsets.ISO_8859_1);
        }
        if (readHello ? decided(ctx, data) : start.length() == START) {
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(data);
    }

    private boolean decided(ChannelHandlerContext ctx, ByteBuf data) {
        ByteBuf all = data;
        if (gathered != null) {
            all = gathered.writeBytes(data, data.readerIndex(), data.readableBytes());
        }
        ClientHello read = ClientHello.read(all);
        if (read.outcome() != ClientHello.Outcome.NEED_MORE) {
            hello = read.outcome() == ClientHello.Outcome.FOUND ? read : null;
            return true;
        }
        if (gathered == null) {
            gathered = ctx.alloc().buffer(2 * data.readableBytes()).writeBytes(data.duplicate());
        }
        return false;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
