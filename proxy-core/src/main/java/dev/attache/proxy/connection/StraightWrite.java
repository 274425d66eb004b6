package dev.attache.proxy.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;

/**
 * The short way of bytes to their socket, past the pipeline and the queue of the channel. It is
 * open where nothing stands on the long one: no TLS, nothing that waits, and no watermark that the
 * bytes would touch on their way through the queue. Stateless; on the channel's loop.
 */
final class StraightWrite {

    /** What Netty's queue counts for an entry beside its bytes. */
    private static final int ENTRY = 96;

    private StraightWrite() {}

    /**
     * Sends as much of {@code data} as the socket takes at once, and moves its reader index behind
     * that. The rest is for the long way, and so is an error: it is met there once more.
     *
     * @param own where the connection stands in the channel's pipeline
     * @return how many bytes went; 0 also where the way is not open
     */
    static int send(Channel channel, ChannelHandlerContext own, ByteBuf data) {
        if (!(channel instanceof AbstractEpollStreamChannel socket)
                || !data.hasMemoryAddress()
                || !channel.isActive()
                || channel.pipeline().firstContext() != own) {
            return 0;
        }
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        if (queue == null
                || queue.totalPendingWriteBytes() > 0
                || queue.bytesBeforeUnwritable() <= data.readableBytes() + ENTRY) {
            return 0;
        }
        try {
            int sent =
                    ((Socket) socket.fd())
                            .sendAddress(
                                    data.memoryAddress(), data.readerIndex(), data.writerIndex());
            data.skipBytes(sent);
            return sent;
        } catch (IOException e) {
            return 0; // the queue's attempt fails as well, and ends the connection
        }
    }
}
