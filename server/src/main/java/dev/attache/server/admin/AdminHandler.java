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
import dev.attache.server.admin.AdminServer.PathFilter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the admin listener: reads requests, has them answered on the main loop. */
final class AdminHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final String SERVER = "envoy";
    private static final Logger LOG = LoggerFactory.getLogger("admin");

    private final AdminResponseEncoder encoder;
    private final AdminEndpoints endpoints;
    private final Executor main;
    private final List<PathFilter> allowPaths;
    private final List<AccessLog> logs;
    private final AdminStats stats;

    AdminHandler(
            AdminResponseEncoder encoder,
            AdminEndpoints endpoints,
            Executor main,
            List<PathFilter> allowPaths,
            List<AccessLog> logs,
            AdminStats stats) {
        this.encoder = encoder;
        this.endpoints = endpoints;
        this.main = main;
        this.allowPaths = allowPaths;
        this.logs = logs;
        this.stats = stats;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest http) {
        AdminAdmission.Refusal refusal = AdminAdmission.check(http);
        if (refusal != null) {
            stats.requested();
            HttpMethod method = http.method();
            boolean close = refusal.fatal() || !HttpUtil.isKeepAlive(http);
            inTurn(ctx, () -> refuse(ctx, method, close, refusal));
            return;
        }
        String target = http.uri();
        AdminRequest request = AdminRequest.of(http.method().name(), target);
        boolean keepAlive = HttpUtil.isKeepAlive(http);
        boolean head = request.method().equals("HEAD");
        long started = System.nanoTime();
        stats.requested();
        if (!allowPaths.isEmpty() && allowPaths.stream().noneMatch(f -> f.allows(request.path()))) {
            String text = "request to path " + request.path() + " not allowed\n";
            inTurn(
                    ctx,
                    () -> {
                        reply(ctx, AdminResponse.text(403, text), keepAlive, head);
                        stats.answered(403, 0);
                    });
            return;
        }
        main.execute(() -> {
            AdminResponse response = answer(request);
            ctx.executor()
                    .execute(() -> {
                        reply(ctx, response, keepAlive, head);
                        log(ctx, request, target, response, started);
                        long took = System.nanoTime() - started;
                        stats.answered(response.status(), TimeUnit.NANOSECONDS.toMillis(took));
                    });
        });
    }

    /** Behind the answers to earlier requests of the connection, which the main loop gives. */
    private void inTurn(ChannelHandlerContext ctx, Runnable answer) {
        main.execute(() -> ctx.executor().execute(answer));
    }

    private AdminResponse answer(AdminRequest request) {
        try {
            return endpoints.handle(request);
        } catch (RuntimeException e) {
            LOG.error("admin request {} failed", request.path(), e);
            return AdminResponse.text(500, "internal error: " + e + "\n");
        }
    }

    private void reply(
            ChannelHandlerContext ctx, AdminResponse response, boolean keepAlive, boolean head) {
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        ByteBuf content = head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body);
        encoder.head(head);
        FullHttpResponse http =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        content);
        http.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, response.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, max-age=0")
                .set("x-content-type-options", "nosniff")
                .set(HttpHeaderNames.DATE, now())
                .set(HttpHeaderNames.SERVER, SERVER);
        if (!keepAlive) {
            http.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        http.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        ChannelFuture written = ctx.writeAndFlush(http);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
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
        FullHttpResponse http =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        refusal.status(),
                        Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
        HttpHeaders headers = http.headers();
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
        encoder.head(method.equals(HttpMethod.HEAD));
        ChannelFuture written = ctx.writeAndFlush(http);
        if (close) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        stats.answered(refusal.status().code(), 0);
    }

    private void log(
            ChannelHandlerContext ctx,
            AdminRequest request,
            String target,
            AdminResponse response,
            long started) {
        if (logs.isEmpty() || !ctx.channel().isOpen()) {
            return;
        }
        Address local = Address.of(ctx.channel().localAddress());
        Address remote = Address.of(ctx.channel().remoteAddress());
        long now = System.currentTimeMillis();
        StreamInfo info =
                new StreamInfo(
                        new ConnectionInfo(ConnectionInfo.nextId(), now, started, local, remote),
                        now,
                        started);
        info.protocol(Protocol.HTTP11);
        info.responseCode(response.status());
        info.bytesSent = response.body().length();
        info.endNanos = System.nanoTime();
        Headers headers = new Headers(MessagePart.RESPONSE);
        headers.add(HeaderName.METHOD, request.method());
        headers.add(HeaderName.PATH, target);
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
