package dev.attache.proxy.tls;

import dev.attache.proxy.tls.hello.ClientHello;
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

    private final IdentityKeyManager certificates;
    private String start = "";
    private @Nullable Handshake handshake;
    private @Nullable ByteBuf gathered;

    /**
     * @param certificates choose by the ClientHello
     */
    FirstBytes(IdentityKeyManager certificates) {
        this.certificates = certificates;
    }

    /** Tells who wants to know the ClientHello. */
    void tell(Handshake listener) {
        handshake = listener;
    }

    /** Up to five characters. */
    String start() {
        return start;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf data = (ByteBuf) message;
        if (start.length() < START) {
            int more = Math.min(START - start.length(), data.readableBytes());
            start += data.toString(data.readerIndex(), more, StandardCharsets.ISO_8859_1);
        }
        ClientHello hello = read(ctx, data);
        if (hello == null) {
            ctx.fireChannelRead(data);
            return;
        }
        Handshake listener = handshake;
        if (listener != null
                && hello.outcome() == ClientHello.Outcome.FOUND
                && !listener.onClientHello(ctx, hello, certificates)) {
            data.release();
            return;
        }
        ctx.pipeline().remove(this);
        ctx.fireChannelRead(data);
    }

    /** Null while more is needed. */
    private @Nullable ClientHello read(ChannelHandlerContext ctx, ByteBuf data) {
        ByteBuf all = data;
        if (gathered != null) {
            all = gathered.writeBytes(data, data.readerIndex(), data.readableBytes());
        }
        ClientHello read = ClientHello.read(all);
        if (read.outcome() != ClientHello.Outcome.NEED_MORE) {
            return read;
        }
        if (gathered == null) {
            gathered = ctx.alloc().buffer(2 * data.readableBytes()).writeBytes(data.duplicate());
        }
        return null;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }
}
