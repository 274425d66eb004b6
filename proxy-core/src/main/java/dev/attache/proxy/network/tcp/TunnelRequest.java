package dev.attache.proxy.network.tcp;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.worker.WorkerContext;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The requests by which one TCP proxy opens tunnels, and what it keeps of the answers. */
final class TunnelRequest {

    private static final String METADATA = "envoy.filters.network.tcp_proxy";
    private static final String RESPONSE_HEADERS = "envoy.tcp_proxy.propagate_response_headers";
    private static final String RESPONSE_TRAILERS = "envoy.tcp_proxy.propagate_response_trailers";

    private final TcpProxySpec.Tunneling spec;
    private final WorkerContext worker;

    TunnelRequest(TcpProxySpec.Tunneling spec, WorkerContext worker) {
        this.spec = spec;
        this.worker = worker;
    }

    /**
     * The head of a tunnel for {@code info}'s connection, or null where the host name comes to
     * something that is none.
     */
    @Nullable Headers head(StreamInfo info, boolean multiplexed, boolean secure) {
        FormatContext context = FormatContext.of(info, null);
        String authority = spec.hostname().format(context);
        if (!isAuthority(authority)) {
            return null;
        }
        Headers head = new Headers(MessagePart.REQUEST, 128, 8);
        head.add(HeaderName.METHOD, spec.usePost() ? "POST" : "CONNECT");
        head.add(HeaderName.AUTHORITY, authority);
        if (spec.usePost()) {
            head.add(HeaderName.PATH, spec.postPath());
            if (multiplexed) {
                head.add(HeaderName.SCHEME, secure ? "https" : "http");
            }
        }
        spec.headers().apply(head, context);
        addRequestId(info, head);
        return head;
    }

    private void addRequestId(StreamInfo info, Headers head) {
        TcpProxySpec.RequestId settings = spec.requestId();
        if (settings == null) {
            return;
        }
        long high = worker.random() & ~0xf000L | 0x4000L;
        long low = worker.random() >>> 2 | Long.MIN_VALUE;
        String id = new UUID(high, low).toString();
        head.set(settings.header(), id);
        info.downstream()
                .dynamicMetadata()
                .merge(
                        METADATA,
                        new MetadataValue.Struct(
                                Map.of(settings.metadataKey(), new MetadataValue.Text(id))));
    }

    /** Clients may have chosen parts of it: nothing gets into the head that ends a line. */
    private static boolean isAuthority(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    void onHeaders(StreamInfo info, Headers response) {
        if (spec.propagateResponseHeaders()) {
            info.downstream().filterState().set(RESPONSE_HEADERS, new TunnelHeaders(response));
        }
    }

    void onTrailers(StreamInfo info, Headers trailers) {
        if (spec.propagateResponseTrailers()) {
            info.downstream().filterState().set(RESPONSE_TRAILERS, new TunnelHeaders(trailers));
        }
    }
}
