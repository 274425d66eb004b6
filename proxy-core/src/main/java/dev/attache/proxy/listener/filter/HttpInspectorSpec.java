package dev.attache.proxy.listener.filter;

import dev.attache.proxy.stats.Cell;
import dev.attache.proxy.stats.Scope;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.worker.WorkerContext;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * {@code envoy.filters.listener.http_inspector}: recognises the HTTP/2 preface and HTTP/1 request
 * lines on plain connections and offers {@code h2c}, {@code http/1.1} or {@code http/1.0} as
 * application protocol. Gives up at the first byte that cannot belong to HTTP, so that protocols in
 * which the server waits are not kept waiting longer than need be.
 */
public record HttpInspectorSpec() implements ListenerFilterSpec {

    /** Request lines longer than this are not HTTP to us. */
    static final int MAX_BYTES = 64 * 1024;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    @Override
    public Factory open(WorkerContext worker, StatsStore stats) {
        Filter shared = new Filter(stats.scope("http_inspector."), worker.index());
        return () -> shared;
    }

    /** What the first bytes of a connection are. */
    enum Kind {
        NEED_MORE,
        NOT_HTTP,
        HTTP_1_0,
        HTTP_1_1,
        H2C
    }

    private static final class Filter implements ListenerFilter {

        private final Cell http10Found;
        private final Cell http11Found;
        private final Cell http2Found;
        private final Cell httpNotFound;

        Filter(Scope scope, int worker) {
            http10Found = scope.counter("http10_found").cell(worker);
            http11Found = scope.counter("http11_found").cell(worker);
            http2Found = scope.counter("http2_found").cell(worker);
            httpNotFound = scope.counter("http_not_found").cell(worker);
            // Peeking cannot fail here: the event loop reads. The name is there for dashboards.
            scope.counter("read_error");
        }

        @Override
        public Status onAccept(Context context) {
            String transport = context.info().detectedTransportProtocol();
            return transport.isEmpty() || transport.equals("raw_buffer")
                    ? Status.WAIT
                    : Status.CONTINUE;
        }

        @Override
        public Status onData(Context context, ByteBuf peeked, boolean end) {
            switch (detect(peeked)) {
                case NEED_MORE -> {
                    return Status.WAIT;
                }
                case NOT_HTTP -> httpNotFound.inc();
                case HTTP_1_0 -> {
                    http10Found.inc();
                    context.info().requestedApplicationProtocols(List.of("http/1.0"));
                }
                case HTTP_1_1 -> {
                    http11Found.inc();
                    context.info().requestedApplicationProtocols(List.of("http/1.1"));
                }
                case H2C -> {
                    http2Found.inc();
                    context.info().requestedApplicationProtocols(List.of("h2c"));
                }
            }
            return Status.CONTINUE;
        }
    }

    static Kind detect(ByteBuf data) {
        int at = data.readerIndex();
        int end = data.writerIndex();
        int same = 0;
        while (same < PREFACE.length()
                && at + same < end
                && data.getByte(at + same) == PREFACE.charAt(same)) {
            same++;
        }
        if (same == PREFACE.length()) {
            return Kind.H2C;
        }
        if (at + same == end) {
            return Kind.NEED_MORE;
        }
        return requestLine(data, at, end);
    }

    private static Kind requestLine(ByteBuf data, int from, int end) {
        int at = from;
        while (at < end && (data.getByte(at) == '\r' || data.getByte(at) == '\n')) {
            at++;
        }
        int method = at;
        while (at < end && isToken(data.getByte(at))) {
            at++;
        }
        if (at == end) {
            return more(from, end);
        }
        if (data.getByte(at) != ' ' || at == method) {
            return Kind.NOT_HTTP;
        }
        int target = ++at;
        while (at < end && (data.getByte(at) & 0xff) > ' ') {
            at++;
        }
        if (at == end) {
            return more(from, end);
        }
        if (data.getByte(at) != ' ' || at == target) {
            return Kind.NOT_HTTP;
        }
        return version(data, from, at + 1, end);
    }

    private static Kind version(ByteBuf data, int from, int start, int end) {
        String wanted = "HTTP/1.";
        for (int i = 0; i < wanted.length(); i++) {
            if (start + i == end) {
                return more(from, end);
            }
            if (data.getByte(start + i) != wanted.charAt(i)) {
                return Kind.NOT_HTTP;
            }
        }
        int minor = start + wanted.length();
        if (minor + 1 >= end) {
            return more(from, end);
        }
        byte after = data.getByte(minor + 1);
        if (after != '\r' && after != '\n') {
            return Kind.NOT_HTTP;
        }
        return switch (data.getByte(minor)) {
            case '0' -> Kind.HTTP_1_0;
            case '1' -> Kind.HTTP_1_1;
            default -> Kind.NOT_HTTP;
        };
    }

    private static Kind more(int from, int end) {
        return end - from >= MAX_BYTES ? Kind.NOT_HTTP : Kind.NEED_MORE;
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean isToken(byte b) {
        return b >= 'A' && b <= 'Z'
                || b >= 'a' && b <= 'z'
                || b >= '0' && b <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(b) >= 0;
    }
}
