package dev.attache.agent.names;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions of one connection, framed by their length (RFC 1035, 4.2.2). Closes one that is quiet,
 * one that takes no answers, and one that has asked so many; reads no more where answers wait. Loop
 * of names only.
 */
final class ConnectionHandler extends SimpleChannelInboundHandler<ByteBuf> {

    private static final Logger LOG = LoggerFactory.getLogger("agent.dns");

    /** Questions on a connection, after which it ends. */
    static final int MOST_QUESTIONS = 128;

    private final Answering answering;
    private final OwnQuestions own;
    private final long quietMillis;
    private final Runnable ended;
    private @Nullable ScheduledFuture<?> quiet;
    private int questions;
    private int waiting;

    /**
     * @param quietMillis how long nothing may happen while nothing is asked
     * @param ended is called once
     */
    ConnectionHandler(Answering answering, OwnQuestions own, long quietMillis, Runnable ended) {
        this.answering = answering;
        this.own = own;
        this.quietMillis = quietMillis;
        this.ended = ended;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        active(ctx);
        ctx.fireChannelActive();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf content) {
        if (questions >= MOST_QUESTIONS) {
            return;
        }
        if (own.isBack(true, ctx.channel().remoteAddress())) {
            ctx.close();
            return;
        }
        questions++;
        waiting++;
        active(ctx);
        byte[] message = new byte[content.readableBytes()];
        content.readBytes(message);
        boolean[] answered = {false};
        answering.answer(
                message,
                true,
                answer -> {
                    answered[0] = true;
                    write(ctx, answer);
                });
        if (!answered[0] && ignored(message)) {
            waiting--;
        }
        readOn(ctx);
    }

    private static boolean ignored(byte[] message) {
        return message.length < DnsMessage.HEADER
                || (DnsMessage.word(message, 2) & DnsFlags.RESPONSE) != 0;
    }

    private void write(ChannelHandlerContext ctx, byte[] answer) {
        ByteBuf framed = Unpooled.buffer(answer.length + 2);
        framed.writeShort(answer.length).writeBytes(answer);
        ctx.writeAndFlush(framed)
                .addListener(written -> {
                    waiting--;
                    active(ctx);
                    readOn(ctx);
                });
    }

    private void readOn(ChannelHandlerContext ctx) {
        boolean last = questions >= MOST_QUESTIONS;
        ctx.channel().config().setAutoRead(!last && ctx.channel().isWritable());
        if (last && waiting == 0) {
            ctx.close();
        }
    }

    private void active(ChannelHandlerContext ctx) {
        cancel();
        if (ctx.channel().isOpen()) {
            // Whoever waits for an answer is given the time that servers may take.
            long limit = waiting > 0 ? 8 * quietMillis : quietMillis;
            quiet =
                    ctx.executor()
                            .schedule(
                                    () -> {
                                        ctx.close();
                                    },
                                    limit,
                                    TimeUnit.MILLISECONDS);
        }
    }

    private void cancel() {
        if (quiet != null) {
            quiet.cancel(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        readOn(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        cancel();
        ended.run();
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection was not served", cause);
        ctx.close();
    }
}
