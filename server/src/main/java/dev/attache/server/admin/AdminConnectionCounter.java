package dev.attache.server.admin;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.util.concurrent.TimeUnit;

/** Counts one admin connection and its bytes; the first handler of its pipeline. */
final class AdminConnectionCounter extends ChannelDuplexHandler {

    private final AdminStats stats;
    private long opened;
    private boolean closedByUs;

    AdminConnectionCounter(AdminStats stats) {
        this.stats = stats;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        opened = System.nanoTime();
        stats.opened();
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - opened);
        stats.closed(millis, !closedByUs);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            stats.received(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            stats.sent(bytes.readableBytes());
        }
        ctx.write(message, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        closedByUs = true;
        ctx.close(promise);
    }
}
