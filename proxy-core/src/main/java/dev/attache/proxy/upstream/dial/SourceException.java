package dev.attache.proxy.upstream.dial;

import io.netty.channel.ChannelException;

/** A socket cannot come from the address that it should: nothing is said to the peer. */
final class SourceException extends ChannelException {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
        super(message);
    }

    SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
