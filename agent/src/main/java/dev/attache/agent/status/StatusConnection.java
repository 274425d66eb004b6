package dev.attache.agent.status;

import dev.attache.agent.http.HttpFields;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection: a request at a time, answered on a virtual thread of its own. */
final class StatusConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

    private static final Logger LOG = LoggerFactory.getLogger("agent");

    private final StatusPages pages;

    /** While somebody answers; what a client does not send then is no sign of its absence. */
    private volatile boolean answering;

    StatusConnection(StatusPages pages) {
        this.pages = pages;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest http) {
        answering = true;
        ctx.channel().config().setAutoRead(false);
        boolean keepAlive = HttpUtil.isKeepAlive(http) && !http.decoderResult().isFailure();
        String encodings = http.headers().get(HttpHeaderNames.ACCEPT_ENCODING, "");
        WrittenReply reply =
                new WrittenReply(
                        ctx.channel(), keepAlive, http.method().name().equals("HEAD"), encodings);
        if (http.decoderResult().isFailure()) {
            Thread.ofVirtual().name("status-request").start(() -> refuse(ctx.channel(), reply));
            return;
        }
        StatusRequest request = request(http, ctx.channel());
        Thread.ofVirtual()
                .name("status-request")
                .start(() -> answer(ctx.channel(), request, reply, keepAlive));
    }

    private static StatusRequest request(FullHttpRequest http, Channel channel) {
        String uri = http.uri();
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        if (path.startsWith("http://")) {
            int slash = path.indexOf('/', "http://".length());
            path = slash < 0 ? "/" : path.substring(slash);
        }
        HttpFields fields = new HttpFields();
        http.headers()
                .forEach(header -> {
                    if (!HttpHeaderNames.HOST.contentEqualsIgnoreCase(header.getKey())) {
                        fields.add(header.getKey(), header.getValue());
                    }
                });
        InetAddress remote = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        return new StatusRequest(
                http.method().name(),
                decoded(path),
                mark < 0 ? "" : uri.substring(mark + 1),
                http.headers().get(HttpHeaderNames.HOST, ""),
                fields,
                remote);
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException invalid) {
            return path;
        }
    }

    private void answer(
            Channel channel, StatusRequest request, WrittenReply reply, boolean keepAlive) {
        try {
            pages.answer(request, reply);
            reply.finish();
        } catch (IOException gone) {
            LOG.debug("a client of the status port has gone: {}", gone.getMessage());
            channel.close();
            return;
        } catch (RuntimeException | Error e) {
            LOG.error("answering {} failed", request.path(), e);
            channel.close();
            return;
        }
        answering = false;
        if (keepAlive) {
            channel.config().setAutoRead(true);
        } else {
            channel.close();
        }
    }

    private static void refuse(Channel channel, WrittenReply reply) {
        try {
            reply.field("Content-Type", "text/plain; charset=utf-8");
            reply.field(HttpHeaderNames.CONNECTION.toString(), HttpHeaderValues.CLOSE.toString());
            reply.text(400, "400 Bad Request");
            reply.finish();
        } catch (IOException gone) {
            LOG.debug("a client of the status port has gone: {}", gone.getMessage());
        }
        channel.close();
    }

    /** A place that nobody uses is given to others. */
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent && !answering) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("a connection to the status port failed", cause);
        ctx.close();
    }
}
