package dev.attache.xds.stream;

import io.grpc.ChannelLogger;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.AsciiString;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a {@link ConnectionSecurity} finish before gRPC speaks HTTP/2 on the connection. gRPC's own
 * TLS is not used, because it insists on checking host names, which Envoy's TLS contexts decide
 * themselves.
 */
final class SecureNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {

    private final ConnectionSecurity security;

    SecureNegotiator(ConnectionSecurity security) {
        this.security = security;
    }

    @Override
    public AsciiString scheme() {
        return AsciiString.cached("https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        ChannelLogger logger = grpc.getNegotiationLogger();
        return InternalProtocolNegotiators.waitUntilActiveHandler(new Step(grpc), logger);
    }

    @Override
    public void close() {}

    /** Holds gRPC's place in the pipeline until the connection is secure. */
    private final class Step extends ChannelInboundHandlerAdapter
            implements ConnectionSecurity.Outcome {
        private final GrpcHttp2ConnectionHandler grpc;
        private @Nullable ChannelHandlerContext context;
        private @Nullable Object event;

        /**
         * gRPC's handler that holds writes back until all is negotiated; TLS must stand before it.
         */
        private String buffer = "";

        Step(GrpcHttp2ConnectionHandler grpc) {
            this.grpc = grpc;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            context = ctx;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object received) {
            if (received instanceof ProtocolNegotiationEvent && event == null) {
                event = received;
                List<String> names = ctx.pipeline().names();
                buffer = names.get(names.indexOf(ctx.name()) + 1);
                security.secure(ctx.channel(), buffer, this);
            } else {
                ctx.fireUserEventTriggered(received);
            }
        }

        @Override
        public void ready() {
            ChannelHandlerContext ctx = context;
            Object held = event;
            if (ctx == null || held == null || ctx.isRemoved() || !ctx.channel().isActive()) {
                return;
            }
            ctx.pipeline()
                    .addBefore(
                            buffer, null, InternalProtocolNegotiators.grpcNegotiationHandler(grpc));
            ctx.pipeline().remove(this);
            ctx.pipeline().fireUserEventTriggered(held);
        }

        @Override
        public void failed(String reason) {
            ChannelHandlerContext ctx = context;
            if (ctx != null && !ctx.isRemoved()) {
                ctx.fireExceptionCaught(new IOException(reason));
                ctx.close();
            }
        }
    }
}
