package io.netty.channel.epoll;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.NullMarked;

/**
 * Keeps an epoll channel in the epoll set when nothing is waited for. Stands in Netty's package
 * because the flags of a channel are open to that package only.
 *
 * <p>Netty 4.2.18 takes a socket out of the set when it waits neither for input nor for room to
 * write, as after the peer's FIN or while reading is held, but does not put it back: the next flag
 * fails with ENOENT, and what the peer sent, or what was to be written, is lost. EPOLLERR is
 * reported whether asked for or not; asking for it means nothing but that the set of flags is never
 * empty. To be dropped with the Netty that puts sockets back.
 */
@NullMarked
public final class StandingInterest {

    private StandingInterest() {}

    /** Call on the loop, once the channel is registered. Channels of other kinds are left alone. */
    public static void keep(Channel channel) {
        if (channel instanceof AbstractEpollChannel epoll && epoll.isOpen()) {
            try {
                epoll.setFlag(Native.EPOLLERR);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot watch a socket that is open", e);
            }
        }
    }
}
