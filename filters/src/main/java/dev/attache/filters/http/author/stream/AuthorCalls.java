package dev.attache.filters.http.author.stream;

import dev.attache.filter.CallException;
import dev.attache.filter.CallListener;
import dev.attache.filter.CallRequest;
import dev.attache.filter.CallResponse;
import dev.attache.filter.Cancellable;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcService;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.route.HeaderMutations;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.proxy.stream.format.Formatter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Requests of authors' filters to clusters. Stateless; loop-confined. */
final class AuthorCalls {

    private AuthorCalls() {}

    static Cancellable start(
            CallRequest request, CallListener listener, FilterContext context, HeaderNames names) {
        return request.isGrpc()
                ? grpc(request, listener, context, names)
                : http(request, listener, context, names);
    }

    private static CallOptions options(CallRequest request) {
        long millis = request.timeout().toMillis();
        long most = request.timeout().isPositive() ? Math.max(1, millis) : 0;
        return CallOptions.DEFAULT.timeout(most).limits(1 << 20, request.maxResponseBytes());
    }

    private static Cancellable http(
            CallRequest request, CallListener listener, FilterContext context, HeaderNames names) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.METHOD, AuthorHeaders.octets(request.method()));
        head.add(HeaderName.PATH, AuthorHeaders.octets(request.path()));
        head.add(HeaderName.AUTHORITY, AuthorHeaders.octets(request.authority()));
        for (Map.Entry<String, String> field : request.headers()) {
            head.add(names.of(field.getKey()), AuthorHeaders.octets(field.getValue()));
        }
        ByteBuf body = request.body().length == 0 ? null : Unpooled.wrappedBuffer(request.body());
        return context.calls()
                        .send(request.cluster(), head, body, options(request), new Whole(listener))
                ::cancel;
    }

    private static Cancellable grpc(
            CallRequest request, CallListener listener, FilterContext context, HeaderNames names) {
        CallOptions options = options(request);
        GrpcService service =
                new GrpcService(
                        request.cluster(),
                        request.authority(),
                        initialMetadata(request, names),
                        true,
                        request.maxResponseBytes(),
                        null,
                        Math.max(0, request.timeout().toMillis()),
                        null);
        GrpcCalls calls = new GrpcCalls(context.calls(), context.connection().worker().allocator());
        FormatContext about =
                new FormatContext(
                        context.info(),
                        context.requestHeaders(),
                        null,
                        null,
                        "",
                        AccessLogType.NotSet);
        return calls.unary(
                        service,
                        request.path(),
                        Unpooled.wrappedBuffer(request.body()),
                        about,
                        options,
                        new Unary(listener))
                ::cancel;
    }

    private static HeaderMutations initialMetadata(CallRequest request, HeaderNames names) {
        List<HeaderMutations.Addition> fields = new ArrayList<>(request.headers().size());
        for (Map.Entry<String, String> field : request.headers()) {
            String value = AuthorHeaders.octets(field.getValue()).replace("%", "%%");
            fields.add(
                    new HeaderMutations.Addition(
                            names.of(field.getKey()),
                            Formatter.parse(value),
                            HeaderMutations.AppendAction.APPEND_IF_EXISTS_OR_ADD,
                            true));
        }
        return new HeaderMutations(fields, List.of(), List.of());
    }

    /** Of HTTP. */
    private record Whole(CallListener listener) implements ResponseListener {
        @Override
        public void onResponse(Headers head, ByteBuf body) {
            List<Map.Entry<String, String>> fields = new ArrayList<>(head.size());
            for (int i = 0; i < head.size(); i++) {
                String name = head.name(i);
                if (!name.startsWith(":")) {
                    fields.add(Map.entry(name, head.value(i)));
                }
            }
            int status = (int) head.getLong(HeaderName.STATUS);
            listener.onResponse(new CallResponse(status, fields, ByteBufUtil.getBytes(body)));
        }

        @Override
        public void onFailure(CallFailure why) {
            CallException.Kind kind =
                    switch (why.kind()) {
                        case NO_CLUSTER -> CallException.Kind.NO_CLUSTER;
                        case NO_HOST -> CallException.Kind.NO_HOST;
                        case OVERFLOW -> CallException.Kind.OVERFLOW;
                        case TIMEOUT -> CallException.Kind.TIMEOUT;
                        case RESET -> CallException.Kind.RESET;
                        case TOO_LARGE -> CallException.Kind.TOO_LARGE;
                    };
            listener.onFailure(new CallException(kind, why.status(), why.text()));
        }
    }

    /** Of gRPC. */
    private record Unary(CallListener listener) implements GrpcAnswer {
        @Override
        public void onMessage(ByteBuf message) {
            listener.onResponse(new CallResponse(200, List.of(), ByteBufUtil.getBytes(message)));
        }

        @Override
        public void onFailure(GrpcOutcome status) {
            listener.onFailure(
                    new CallException(
                            CallException.Kind.GRPC_STATUS, status.code(), status.message()));
        }
    }
}
