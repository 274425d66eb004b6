package dev.attache.proxy.listener.filter;

import dev.attache.proxy.connection.ConnectionInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Looks at a connection before its filter chain is chosen. Loop-confined, one connection each
 * unless it has no state.
 */
public interface ListenerFilter {

    /** What comes next. */
    enum Status {
        /** The next filter, or the choice of a chain. */
        CONTINUE,
        /** This filter needs (more) bytes. */
        WAIT,
        /** Close the connection; details are in the connection's info. */
        CLOSE
    }

    /** One accepted connection as listener filters see it. Loop-confined. */
    interface Context {

        ConnectionInfo info();

        /** For socket options and look-ups; not for reading or writing. */
        Channel channel();

        /** Takes {@code bytes} from the front of what was peeked: nobody behind sees them. */
        void consume(int bytes);
    }

    /** First call. */
    Status onAccept(Context context);

    /**
     * After {@link Status#WAIT}: all bytes received so far and not consumed, from the first one.
     * The buffer is the listener's; the filter only looks.
     *
     * @param end the peer has finished sending, so that no more will come
     */
    default Status onData(Context context, ByteBuf peeked, boolean end) {
        return Status.CONTINUE;
    }

    /** Last call: the filters are done with this connection, or it has ended. */
    default void onDone() {}
}
