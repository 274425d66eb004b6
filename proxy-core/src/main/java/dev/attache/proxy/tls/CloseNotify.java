package dev.attache.proxy.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.internal.tcnative.SSL;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A peer's close_notify ends its own direction and no more (RFC 8446 section 6.1): what the other
 * side still writes goes out encrypted. Netty's engine would answer with a close_notify of its own
 * and refuse to write, so it is told that it has answered already, and this handler, behind the SSL
 * handler, looks for the alert instead. The SSL handler's own word of it stays here: once our side
 * has ended it says so with whatever comes next. An error that the engine finds now, in a record or
 * an alert of the peer, ends the connection as if the peer had gone. Loop-confined.
 */
final class CloseNotify extends ChannelInboundHandlerAdapter {

    /** True = the engine has dealt with the peer's close_notify. */
    private static final VarHandle DEALT_WITH = field("receivedShutdown", boolean.class);

    /** What went wrong in a read that left an alert to send; the engine itself tells nobody. */
    private static final VarHandle PENDING = field("pendingException", Throwable.class);

    private final ReferenceCountedOpenSslEngine engine;
    private final String sslHandler;
    private final OnError onError;
    private boolean ended;

    /**
     * @param engine of a finished handshake
     * @param sslHandler its handler's name in the pipeline
     * @param onError is told what the engine found wrong
     */
    CloseNotify(ReferenceCountedOpenSslEngine engine, String sslHandler, OnError onError) {
        this.onError = onError;
        this.engine = engine;
        this.sslHandler = sslHandler;
        DEALT_WITH.set(engine, true);
    }

    /** Hears what the engine found wrong. */
    @FunctionalInterface
    interface OnError {

        /**
         * @param alerted the peer is told by an alert; otherwise it has told us
         */
        void on(Throwable cause, boolean alerted);
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(
                            ReferenceCountedOpenSslEngine.class, MethodHandles.lookup())
                    .findVarHandle(ReferenceCountedOpenSslEngine.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "this Netty's TLS engine is another than the one half-close was built for", e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (PENDING.get(engine) instanceof Throwable cause) {
            // The alert is written; nothing more can be read.
            onError.on(cause, true);
            ctx.close();
            return;
        }
        if (!ended && received()) {
            ended = true;
            ctx.pipeline().addBefore(sslHandler, null, new Rest());
            ctx.fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslCloseCompletionEvent closed && closed.isSuccess()) {
            return;
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        SSLException error = error(cause);
        if (error == null) {
            ctx.fireExceptionCaught(cause);
            return;
        }
        onError.on(error, false);
        ctx.close();
    }

    private static @Nullable SSLException error(Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof SSLException error) {
                return error;
            }
        }
        return null;
    }

    private boolean received() {
        long ssl = engine.sslPointer();
        return ssl != 0 && (SSL.getShutdown(ssl) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
    }

    /** What comes behind a close_notify is ignored. */
    private static final class Rest extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, @Nullable Object message) {
            if (message instanceof ByteBuf data) {
                data.release();
            }
        }
    }
}
