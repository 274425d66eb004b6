package dev.attache.agent.names;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Questions by UDP. Loop of names only. */
final class DatagramHandler extends SimpleChannelInboundHandler<DatagramPacket> {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");

    private final Answering answering;
    private final OwnQuestions own;

    DatagramHandler(Answering answering, OwnQuestions own) {
        this.answering = answering;
        this.own = own;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
        ByteBuf content = packet.content();
        byte[] message = new byte[content.readableBytes()];
        content.readBytes(message);
        InetSocketAddress client = packet.sender();
        answer(answering, own, client, message, answer -> write(ctx, answer, client));
    }

    /** Answers what has come by whichever socket of datagrams. */
    static void answer(
            Answering answering,
            OwnQuestions own,
            InetSocketAddress client,
            byte[] message,
            Consumer<byte[]> back) {
        if (own.isBack(false, client)) {
            answering.fail(message, back);
        } else {
            answering.answer(message, false, back);
        }
    }

    private static void write(ChannelHandlerContext ctx, byte[] answer, InetSocketAddress client) {
        // An answer that the socket has no room for is lost, as on any network.
        if (ctx.channel().isWritable()) {
            ctx.writeAndFlush(
                    new DatagramPacket(Unpooled.wrappedBuffer(answer), client), ctx.voidPromise());
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a datagram was not served", cause);
    }
}
