package dev.attache.proxy.call.grpc;

import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.grpc.GrpcTimeout;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * gRPC over {@link UpstreamCalls}, as Envoy's own client does it. Messages are bytes here: who
 * calls knows what they mean. Loop-confined.
 */
public final class GrpcCalls {

    private final UpstreamCalls calls;
    private final ByteBufAllocator allocator;

    public GrpcCalls(UpstreamCalls calls, ByteBufAllocator allocator) {
        this.calls = calls;
        this.allocator = allocator;
    }

    /**
     * One message for another.
     *
     * @param method {@code package.Service/Method}
     * @param message without frame; takes ownership
     * @param about what values of initial metadata are made of
     */
    public GrpcStream unary(
            GrpcService service,
            String method,
            ByteBuf message,
            FormatContext about,
            CallOptions options,
            GrpcAnswer answer) {
        OpenGrpcCall call =
                open(service, method, about, service.options(options, true), new Unary(answer));
        call.send(message, true);
        return call;
    }

    /** Messages in both directions. The service's timeout does not limit it. */
    public GrpcStream stream(
            GrpcService service,
            String method,
            FormatContext about,
            CallOptions options,
            GrpcListener listener) {
        return open(service, method, about, service.options(options, false), listener);
    }

    private OpenGrpcCall open(
            GrpcService service,
            String method,
            FormatContext about,
            CallOptions options,
            GrpcListener listener) {
        CallSpan span = options.span();
        OpenGrpcCall call =
                new OpenGrpcCall(
                        allocator,
                        service.maxMessageBytes(),
                        service.channel() != null,
                        options.payer(),
                        span,
                        listener);
        Headers head = head(service, method, about, options.timeoutMillis());
        if (span != null) {
            span.begin(method.replace('/', '.'), head, System.nanoTime());
            span.service(service.cluster());
        }
        CallOptions plain = options.span(null);
        GrpcChannel channel = service.channel();
        if (channel == null) {
            call.of(calls.start(service.cluster(), head, false, plain, call));
        } else {
            channel.complete(head);
            call.of(calls.start(channel, head, plain, call));
        }
        return call;
    }

    private static Headers head(
            GrpcService service, String method, FormatContext about, long timeout) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, "POST");
        head.add(HeaderName.PATH, "/" + method);
        head.add(HeaderName.AUTHORITY, service.authority());
        head.add(HeaderName.TE, "trailers");
        if (timeout > 0) {
            head.add(HeaderName.GRPC_TIMEOUT, GrpcTimeout.text(timeout));
        }
        head.add(HeaderName.CONTENT_TYPE, "application/grpc");
        service.initialMetadata().apply(head, about);
        return head;
    }

    /** Keeps the last message until the status says whether it counts. */
    private static final class Unary implements GrpcListener {
        private final GrpcAnswer answer;
        private @Nullable ByteBuf message;

        Unary(GrpcAnswer answer) {
            this.answer = answer;
        }

        @Override
        public void onMessage(ByteBuf next) {
            message = next;
        }

        @Override
        public void onClosed(GrpcOutcome status, Headers trailers) {
            ByteBuf last = message;
            message = null;
            if (!status.isOk()) {
                answer.onFailure(status);
            } else if (last == null) {
                answer.onFailure(new GrpcOutcome(GrpcOutcome.INTERNAL, ""));
            } else {
                answer.onMessage(last);
            }
        }
    }
}
