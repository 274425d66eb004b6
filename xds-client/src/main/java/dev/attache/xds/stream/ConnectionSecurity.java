package dev.attache.xds.stream;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;

/**
 * Secures a connection to a control plane: usually TLS, by whatever the owner of the cluster
 * configured. Called on the channel's loop.
 */
@FunctionalInterface
public interface ConnectionSecurity {

    /** Hears once how it went, on the channel's loop, perhaps before {@link #secure} returns. */
    interface Outcome {
        void ready();

        void failed(String reason);
    }

    /**
     * Puts its handlers into the connected channel's pipeline and starts the handshake.
     *
     * @param before name of the handler that theirs must stand before
     */
    void secure(Channel channel, String before, Outcome outcome);

    /** TLS by a Netty context, which must offer {@code h2} by ALPN. */
    static ConnectionSecurity tls(SslContext context, String serverName) {
        return (channel, before, outcome) -> {
            SslHandler handler = context.newHandler(channel.alloc(), serverName, 443);
            channel.pipeline().addBefore(before, null, handler);
            handler.handshakeFuture()
                    .addListener(done -> {
                        if (done.isSuccess()) {
                            outcome.ready();
                        } else {
                            outcome.failed(String.valueOf(done.cause()));
                        }
                    });
        };
    }
}
