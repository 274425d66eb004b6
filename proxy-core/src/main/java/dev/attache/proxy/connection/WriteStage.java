package dev.attache.proxy.connection;

import io.netty.buffer.ByteBuf;

/**
 * What is written to a connection goes through it first. It hands on what is to leave by {@link
 * Connection#writeThrough} and {@link Connection#endThrough}; what it keeps when the connection is
 * closed is lost. Called on the connection's loop.
 */
public interface WriteStage {

    /** Takes ownership. */
    void onWrite(ByteBuf data);

    /** Nothing more will be written, as the peer shall hear. */
    void onWriteEnd();
}
