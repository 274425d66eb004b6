package dev.attache.filters.authorization;

import dev.attache.filters.wire.Utf8;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.ResponseListener;
import dev.attache.proxy.call.UpstreamCalls;
import dev.attache.proxy.call.grpc.GrpcAnswer;
import dev.attache.proxy.call.grpc.GrpcCalls;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.h1.ReasonPhrase;
import dev.attache.proxy.matching.StringMatcher;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.format.FormatContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Puts a question to a service, and makes a decision of what comes back. Loop-confined. */
public final class Asking {

    private static final HeaderName REMOVALS = HeaderName.of("x-envoy-auth-headers-to-remove");

    private static final HeaderName PARTIAL_BODY = HeaderName.of("x-envoy-auth-partial-body");

    private static final String STATUS_TAG = "ext_authz_status";
    private static final String OK_TAG = "ext_authz_ok";
    private static final String DENIED_TAG = "ext_authz_unauthorized";

    private final UpstreamCalls calls;
    private final ByteBufAllocator allocator;

    public Asking(UpstreamCalls calls, ByteBufAllocator allocator) {
        this.calls = calls;
        this.allocator = allocator;
    }

    /**
     * Over gRPC.
     *
     * @param options the call's, whose time the service has a say in
     */
    public GrpcStream ask(
            AuthorizationService.OverGrpc service,
            Question question,
            FormatContext about,
            CallOptions options,
            Consumer<Decision> then) {
        CallSpan span = options.span();
        return new GrpcCalls(calls, allocator)
                .unary(
                        service.service(),
                        CheckWire.METHOD,
                        Unpooled.wrappedBuffer(CheckWire.request(question)),
                        about,
                        options,
                        new GrpcAnswer() {
                            @Override
                            public void onMessage(ByteBuf message) {
                                Decision decision =
                                        CheckWire.response(ByteBufUtil.getBytes(message));
                                say(span, decision);
                                then.accept(decision == null ? Decision.ERROR : decision);
                            }

                            @Override
                            public void onFailure(GrpcOutcome status) {
                                then.accept(Decision.ERROR);
                            }
                        });
    }

    private static void say(@Nullable CallSpan span, @Nullable Decision decision) {
        if (span != null && decision != null) {
            boolean ok = decision.outcome() == Decision.Outcome.OK;
            span.tag(STATUS_TAG, ok ? OK_TAG : DENIED_TAG);
        }
    }

    /** The same span, which will say what was answered. */
    private static @Nullable CallSpan said(@Nullable CallSpan span) {
        return span == null
                ? null
                : span.beforeFinish((telling, response) -> {
                    int status = (int) response.getLong(HeaderName.STATUS);
                    telling.tag("ext_authz_http_status", ReasonPhrase.of(status));
                    telling.tag(STATUS_TAG, status == 200 ? OK_TAG : DENIED_TAG);
                });
    }

    /**
     * Over HTTP.
     *
     * @param span of the call in the request's trace, or null
     */
    public void ask(
            AuthorizationService.OverHttp service,
            Question.Http question,
            FormatContext about,
            @Nullable CallSpan span,
            Consumer<Decision> then) {
        byte[] body = question.body();
        ByteBuf told = body == null || body.length == 0 ? null : Unpooled.wrappedBuffer(body);
        CallOptions options =
                CallOptions.DEFAULT
                        .timeout(service.timeoutMillis())
                        .marked(true, false)
                        .retry(service.retry())
                        .span(said(span));
        calls.send(
                service.cluster(),
                head(service, question, about),
                told,
                options,
                new ResponseListener() {
                    @Override
                    public void onResponse(Headers head, ByteBuf answer) {
                        then.accept(decision(service, head, answer));
                    }

                    @Override
                    public void onFailure(CallFailure why) {
                        then.accept(Decision.ERROR);
                    }
                });
    }

    private static Headers head(
            AuthorizationService.OverHttp service, Question.Http question, FormatContext about) {
        Headers head = new Headers(MessagePart.REQUEST);
        head.add(HeaderName.CONTENT_LENGTH, 0);
        Headers shown = question.headers();
        for (int i = 0; i < shown.size(); i++) {
            HeaderName name = HeaderName.of(shown.name(i));
            if (name == HeaderName.CONTENT_LENGTH) {
                continue;
            }
            // One field of each name: which of two is meant, service and upstream might not agree.
            if (head.contains(name)) {
                head.appendJoined(name, shown.value(i), ",");
            } else {
                head.add(name, shown.value(i));
            }
        }
        String path = head.get(HeaderName.PATH);
        if (path != null) {
            String override = service.pathOverride();
            head.set(HeaderName.PATH, override.isEmpty() ? service.pathPrefix() + path : override);
        }
        if (question.body() != null) {
            head.set(PARTIAL_BODY, String.valueOf(question.partial()));
        }
        service.added().apply(head, about);
        return head;
    }

    private static Decision decision(
            AuthorizationService.OverHttp service, Headers head, ByteBuf answer) {
        int status = (int) head.getLong(HeaderName.STATUS);
        if (status >= 500 && status < 600) {
            return Decision.ERROR;
        }
        boolean ok = status == 200;
        List<String> removals = ok ? names(head.getJoined(REMOVALS)) : List.of();
        head.remove(REMOVALS);
        List<HeaderEdit> request = new ArrayList<>();
        List<HeaderEdit> response = new ArrayList<>();
        List<HeaderEdit> reply = new ArrayList<>();
        Map<String, MetadataValue> metadata = new HashMap<>();
        for (int i = 0; i < head.size(); i++) {
            String name = head.name(i);
            String value = head.value(i);
            if (ok && matches(service.upstreamSet(), name)) {
                request.add(new HeaderEdit(name, value, HeaderEdit.Action.SET));
            }
            if (ok && matches(service.upstreamAdded(), name)) {
                request.add(new HeaderEdit(name, value, HeaderEdit.Action.ADD));
            }
            if (ok && matches(service.clientOk(), name)) {
                response.add(new HeaderEdit(name, value, HeaderEdit.Action.ADD));
            }
            if (!ok && toClient(service.clientDenied(), name)) {
                reply.add(new HeaderEdit(name, value, HeaderEdit.Action.ADD));
            }
            if (matches(service.toMetadata(), name)) {
                metadata.put(name, new MetadataValue.Text(Utf8.of(value)));
            }
        }
        return new Decision(
                ok ? Decision.Outcome.OK : Decision.Outcome.DENIED,
                status,
                request,
                removals,
                response,
                reply,
                List.of(),
                List.of(),
                ok ? "" : answer.toString(StandardCharsets.ISO_8859_1),
                new MetadataValue.Struct(metadata),
                false);
    }

    private static boolean toClient(@Nullable List<StringMatcher> matchers, String name) {
        if (matchers == null) {
            return !name.equals(":authority");
        }
        return matches(matchers, name)
                || name.equals(":status")
                || name.equals("content-length")
                || name.equals("www-authenticate")
                || name.equals("location");
    }

    static boolean matches(List<StringMatcher> matchers, String name) {
        for (StringMatcher matcher : matchers) {
            if (matcher.matches(name)) {
                return true;
            }
        }
        return false;
    }

    private static List<String> names(@Nullable String list) {
        List<String> names = new ArrayList<>();
        if (list != null) {
            for (String name : list.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.strip());
                }
            }
        }
        return names;
    }
}
