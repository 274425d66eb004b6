package dev.attache.proxy.upstream.health;

import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.HttpStream;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.upstream.spec.HealthCheckSpec;
import dev.attache.proxy.upstream.spec.HealthCheckSpec.StatusRange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code HttpHealthCheck}. */
final class HttpProbe implements Probe, HttpExchanges.Owner {

    private final HostCheck check;
    private final HealthCheckSpec.Http spec;
    private final HttpExchanges exchanges;
    private final StringBuilder body = new StringBuilder();
    private @Nullable Headers response;

    HttpProbe(HostCheck check, HealthCheckSpec.Http spec) {
        this.check = check;
        this.spec = spec;
        this.exchanges = new HttpExchanges(check, this::protocol, this);
    }

    private Protocol protocol(Connection established) {
        if (spec.negotiates()) {
            TlsInfo tls = established.info().tls();
            String agreed = tls == null ? null : tls.alpn();
            if ("h2".equals(agreed)) {
                return Protocol.HTTP2;
            }
            if ("http/1.1".equals(agreed)) {
                return Protocol.HTTP11;
            }
        }
        return spec.http2() ? Protocol.HTTP2 : Protocol.HTTP11;
    }

    @Override
    public void begin() {
        response = null;
        body.setLength(0);
        exchanges.begin();
    }

    @Override
    public void giveUp() {
        exchanges.drop();
    }

    @Override
    public void close() {
        exchanges.drop();
    }

    @Override
    public void onStream(HttpStream stream, boolean secure) {
        Headers request = new Headers(MessagePart.REQUEST);
        request.add(HeaderName.METHOD, spec.method());
        request.add(HeaderName.AUTHORITY, check.authority(spec.host()));
        request.add(HeaderName.PATH, spec.path());
        request.add(HeaderName.SCHEME, secure ? "https" : "http");
        request.add(HeaderName.USER_AGENT, RequestFacts.USER_AGENT);
        spec.headers().apply(request, RequestFacts.of(check, info(stream), request));
        String payload = spec.body();
        if (payload == null) {
            stream.headers(request, true);
            return;
        }
        request.set(HeaderName.CONTENT_LENGTH, payload.length());
        stream.headers(request, false);
        stream.data(Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.ISO_8859_1)), true);
    }

    private static ConnectionInfo info(HttpStream stream) {
        return stream.connection().connection().info();
    }

    @Override
    public void onHeaders(Headers headers, boolean end) {
        response = headers;
        if (end) {
            complete();
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (!spec.receive().isEmpty()) {
            long room =
                    spec.responseBufferSize() == 0
                            ? Long.MAX_VALUE
                            : spec.responseBufferSize() - body.length();
            int taken = (int) Math.min(room, data.readableBytes());
            body.append(data.toString(data.readerIndex(), taken, StandardCharsets.ISO_8859_1));
        }
        if (end) {
            complete();
        }
    }

    @Override
    public void onTrailers(Headers trailers) {
        complete();
    }

    @Override
    public void onBroken() {
        exchanges.end(true);
        check.failed(FailureType.NETWORK, false, 0);
    }

    private void complete() {
        Headers head = response;
        if (head == null) {
            throw new IllegalStateException("a response without a head");
        }
        // First the exchange, because what hears the outcome may end the session.
        exchanges.end(true);
        int status = (int) head.getLong(HeaderName.STATUS);
        if (!PayloadMatch.matches(spec.receive(), body)) {
            excludeIfAsked(head);
            check.failed(FailureType.ACTIVE, false, status);
        } else if (!in(spec.expected(), status)) {
            excludeIfAsked(head);
            check.failed(FailureType.ACTIVE, in(spec.retriable(), status), status);
        } else if (isOther(head)) {
            check.failed(FailureType.ACTIVE, false, status);
        } else {
            check.passed(head.contains(HeaderName.X_ENVOY_DEGRADED));
        }
    }

    private void excludeIfAsked(Headers head) {
        if (head.contains(HeaderName.X_ENVOY_IMMEDIATE_HEALTH_CHECK_FAIL)) {
            check.exclude();
        }
    }

    /** It answers for another service than the one that is meant. */
    private boolean isOther(Headers head) {
        if (spec.serviceName() == null) {
            return false;
        }
        check.stats().verifyCluster.inc();
        return !spec.serviceName()
                .matches(head.getOr(HeaderName.X_ENVOY_UPSTREAM_HEALTHCHECKED_CLUSTER, ""));
    }

    private static boolean in(List<StatusRange> ranges, int status) {
        for (StatusRange range : ranges) {
            if (range.contains(status)) {
                return true;
            }
        }
        return false;
    }
}
