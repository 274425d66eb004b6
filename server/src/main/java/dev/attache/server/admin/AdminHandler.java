package dev.attache.server.admin;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import dev.attache.server.admin.http.AdminAdmission;
import dev.attache.server.admin.http.AdminAnswer;
import dev.attache.server.admin.http.AdminBody;
import dev.attache.server.admin.http.AdminRequest;
import dev.attache.server.admin.http.AdminResponse;
import dev.attache.server.admin.http.AdminResponseEncoder;
import dev.attache.server.admin.http.AnswerQueue;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the admin listener: reads requests, has them answered on the main loop. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String SERVER = "envoy";
    private static final Logger LOG = LoggerFactory.getLogger("admin");

    private final AnswerQueue answers;
    private final AdminEndpoints endpoints;
    private final Executor main;
    private final AdminGate gate;
    private final List<AccessLog> logs;
    private final AdminStats stats;

    AdminHandler(
            AdminResponseEncoder encoder,
            AdminEndpoints endpoints,
            Executor main,
            AdminGate gate,
            List<AccessLog> logs,
            AdminStats stats) {
        this.answers = new AnswerQueue(encoder);
        this.endpoints = endpoints;
        this.main = main;
        this.gate = gate;
        this.logs = logs;
        this.stats = stats;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest http) {
        answers.expect(ctx);
        AdminAdmission.Refusal refusal = AdminAdmission.check(http);
        if (refusal != null) {
            stats.requested();
            HttpMethod method = http.method();
            boolean close = refusal.fatal() || !HttpUtil.isKeepAlive(http);
            inTurn(ctx, () -> refuse(ctx, method, close, refusal));
            return;
        }
        String target = http.uri();
        AdminRequest request =
                AdminRequest.of(http.method().name(), target, fields(http.headers()))
                        .withBody(http.content().toString(StandardCharsets.UTF_8));
        Exchange exchange =
                new Exchange(ctx, request, target, HttpUtil.isKeepAlive(http), System.nanoTime());
        stats.requested();
        AdminResponse refused = gate.refusal(ctx.channel(), request, target);
        if (refused != null) {
            inTurn(ctx, () -> reply(exchange, refused));
            return;
        }
        main.execute(() -> {
            AdminAnswer answer = answer(request);
            if (answer instanceof AdminAnswer.Eventually given) {
                given.page()
                        .whenComplete((response, failure) -> replyTo(exchange, response, failure));
            } else {
                ctx.executor().execute(() -> reply(exchange, finished(request, answer)));
            }
        });
    }

    private static Map<String, String> fields(HttpHeaders headers) {
        Map<String, String> fields = new HashMap<>();
        for (Map.Entry<String, String> field : headers) {
            fields.putIfAbsent(field.getKey().toLowerCase(Locale.ROOT), field.getValue());
        }
        return fields;
    }

    /** One request with what its answer needs to know of it. */
    private record Exchange(
            ChannelHandlerContext ctx,
            AdminRequest request,
            String target,
            boolean keepAlive,
            long started) {}

    /** Behind the answers to earlier requests of the connection, which the main loop gives. */
    private void inTurn(ChannelHandlerContext ctx, Runnable answer) {
        main.execute(() -> ctx.executor().execute(answer));
    }

    private AdminAnswer answer(AdminRequest request) {
        try {
            return endpoints.handle(request);
        } catch (RuntimeException e) {
            return failed(request, e);
        }
    }

    private static AdminResponse finished(AdminRequest request, AdminAnswer answer) {
        try {
            return switch (answer) {
                case AdminResponse response -> response;
                case AdminAnswer.Later later -> later.page().get();
                case AdminAnswer.Eventually given -> given.page().join();
            };
        } catch (RuntimeException e) {
            return failed(request, e);
        }
    }

    /** By whichever thread knows the answer. */
    private void replyTo(
            Exchange exchange, @Nullable AdminResponse response, @Nullable Throwable failure) {
        AdminResponse said = response == null ? failed(exchange.request(), failure) : response;
        exchange.ctx().executor().execute(() -> reply(exchange, said));
    }

    private static AdminResponse failed(AdminRequest request, @Nullable Throwable e) {
        LOG.error("admin request {} failed", request.path(), e);
        return AdminResponse.text(500, "internal error: " + e + "\n");
    }

    private void reply(Exchange exchange, AdminResponse response) {
        HttpResponse head =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        head.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0")
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.DATE, now())
                .set(HttpHeaderNames.SERVER, SERVER);
        response.headers().forEach(head.headers()::set);
        if (!exchange.keepAlive()) {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        boolean withBody = !exchange.request().method().equals("HEAD");
        answers.add(
                exchange.ctx(),
                new AnswerQueue.Answer(
                        head,
                        withBody ? response.body() : null,
                        !exchange.keepAlive(),
                        sent -> {
                            log(exchange, response, sent);
                            long took = System.nanoTime() - exchange.started();
                            stats.answered(response.status(), TimeUnit.NANOSECONDS.toMillis(took));
                        }));
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        answers.proceed(ctx);
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answers.close();
        ctx.fireChannelInactive();
    }

    private static String now() {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC));
    }

    private void refuse(
            ChannelHandlerContext ctx,
            HttpMethod method,
            boolean close,
            AdminAdmission.Refusal refusal) {
        String text = refusal.withReason() ? refusal.status().reasonPhrase() : "";
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, refusal.status());
        HttpHeaders headers = head.headers();
        if (refusal.withReason()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, text.length())
                    .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_PLAIN);
        }
        headers.set(HttpHeaderNames.DATE, now()).set(HttpHeaderNames.SERVER, SERVER);
        if (close) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        if (!refusal.withReason()) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, 0);
        }
        answers.add(
                ctx,
                new AnswerQueue.Answer(
                        head,
                        method.equals(HttpMethod.HEAD) ? null : AdminBody.of(text),
                        close,
                        sent -> stats.answered(refusal.status().code(), 0)));
    }

    private void log(Exchange exchange, AdminResponse response, long sent) {
        Channel channel = exchange.ctx().channel();
        if (logs.isEmpty() || !channel.isOpen()) {
            return;
        }
        Address local = Address.of(channel.localAddress());
        Address remote = Address.of(channel.remoteAddress());
        long now = System.currentTimeMillis();
        StreamInfo info =
                new StreamInfo(
                        new ConnectionInfo(
                                ConnectionInfo.nextId(), now, exchange.started(), local, remote),
                        now,
                        exchange.started());
        info.protocol(Protocol.HTTP11);
        info.responseCode(response.status());
        info.bytesSent = sent;
        info.endNanos = System.nanoTime();
        Headers headers = new Headers(MessagePart.RESPONSE);
        headers.add(HeaderName.METHOD, exchange.request().method());
        headers.add(HeaderName.PATH, exchange.target());
        FormatContext entry =
                new FormatContext(info, headers, null, null, "", AccessLogType.DownstreamEnd);
        logs.forEach(log -> log.log(entry));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("admin connection failed: {}", cause.toString());
        ctx.close();
    }
}
