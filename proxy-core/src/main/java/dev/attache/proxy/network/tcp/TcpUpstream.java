package dev.attache.proxy.network.tcp;

import dev.attache.proxy.connection.ConnectionEvent;
import dev.attache.proxy.connection.Valve;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a proxied connection's bytes go to. Owned by its {@link TcpProxy}; loop-confined. */
interface TcpUpstream {

    /** Takes ownership. */
    void write(ByteBuf data);

    /** The client has ended its direction. */
    void end();

    /** What holds back the server's bytes; null once there is nothing to hold. */
    @Nullable Valve input();

    /**
     * The client's connection is gone, and nothing more will be heard of here.
     *
     * @param event how it went
     */
    void downstreamClosed(ConnectionEvent event);

    /** Brings what logs show of it up to date. */
    void count();

    /** The proxy gives it up; nothing is flushed. */
    void giveUp(String reason);
}
