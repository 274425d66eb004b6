package dev.attache.filters.http.grpc_http1_bridge;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcFrames;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stream.UpstreamInfo;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One request of gRPC over HTTP/1, or of a bare message that becomes one. The head of a request
 * goes on at once; only a message that is put in a frame waits for its end.
 */
final class BridgeFilter implements HttpFilter {
    private static final String PROTOBUF = "application/x-protobuf";
    private static final int PREFIX = 5;

    private final BridgeSpec spec;
    private boolean bridges;
    private boolean frames;
    private @Nullable KeptBody request;

    /** Of a response that waits for its trailers. */
    private @Nullable Headers head;

    private @Nullable KeptBody response;

    /** So many bytes of the response's prefix are still to come. */
    private int prefixLeft;

    /** What comes back is the proxy's own and no message. */
    private boolean repliedHere;

    BridgeFilter(BridgeSpec spec) {
        this.spec = spec;
    }

    // ---- request ------------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (!headers.contains(HeaderName.PATH)) {
            return Step.CONTINUE;
        }
        if (spec.upgradesProtobuf()
                && headers.getOr(HeaderName.CONTENT_TYPE, "").equals(PROTOBUF)) {
            frames = true;
            prefixLeft = PREFIX;
            headers.set(HeaderName.CONTENT_TYPE, "application/grpc");
            headers.remove(HeaderName.CONTENT_LENGTH);
            context.clearRoute();
        }
        Protocol protocol = context.info().protocol();
        bridges =
                (protocol == Protocol.HTTP10 || protocol == Protocol.HTTP11)
                        && GrpcContent.isGrpc(headers);
        if (bridges && spec.ignoresQuery()) {
            String path = headers.getOr(HeaderName.PATH, "");
            int query = path.indexOf('?');
            if (query >= 0) {
                headers.set(HeaderName.PATH, path.substring(0, query));
            }
        }
        return Step.CONTINUE;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        if (!bridges || !frames) {
            return Step.CONTINUE;
        }
        KeptBody kept = request;
        if (kept == null) {
            kept = new KeptBody(context.memory(), allocator(context));
            request = kept;
            // What comes in one piece need not be kept, so the limit does not bound it.
        } else if (kept.size() + data.readableBytes() > context.bufferLimit()) {
            return context.tooLarge(Direction.REQUEST);
        }
        kept.add(data.retain());
        if (end) {
            request = null;
            context.inject(
                    Direction.REQUEST, GrpcFrames.frame(allocator(context), kept.take()), true);
        } else if (kept.size() > context.bufferLimit()) {
            return context.tooLarge(Direction.REQUEST);
        }
        return Step.DONE;
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        KeptBody kept = request;
        if (kept != null) {
            request = null;
            context.inject(
                    Direction.REQUEST, GrpcFrames.frame(allocator(context), kept.take()), false);
        }
        return Step.CONTINUE;
    }

    // ---- response -----------------------------------------------------------------------------

    @Override
    public void onLocalReply(LocalReply reply, FilterContext context) {
        repliedHere = true;
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (!bridges || end) {
            return Step.CONTINUE;
        }
        head = headers;
        context.streamWhilePaused(Direction.RESPONSE);
        return Step.PAUSE;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        Headers waiting = head;
        if (waiting == null) {
            return Step.CONTINUE;
        }
        KeptBody kept = response;
        if (frames && !repliedHere && !(end && endComesWithData(context))) {
            // As in Envoy, one piece that is the end as well stays as it is.
            int prefix = Math.min(prefixLeft, data.readableBytes());
            data.skipBytes(prefix);
            prefixLeft -= prefix;
            waiting.remove(HeaderName.CONTENT_LENGTH);
        }
        if (end) {
            // Without trailers there is nothing that the head could say.
            head = null;
            response = null;
            if (kept != null) {
                context.inject(Direction.RESPONSE, kept.take(), false);
            }
            return Step.CONTINUE;
        }
        if (kept == null) {
            kept = new KeptBody(context.memory(), allocator(context));
            response = kept;
        }
        kept.add(data.retain());
        return kept.size() > context.bufferLimit()
                ? context.tooLarge(Direction.RESPONSE)
                : Step.DONE;
    }

    /** HTTP/1 has the end behind the last piece. */
    private static boolean endComesWithData(FilterContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null || Protocol.HTTP2.text().equals(upstream.protocol);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        Headers waiting = head;
        if (waiting == null) {
            return Step.CONTINUE;
        }
        KeptBody kept = response;
        ByteBuf body = kept == null ? Unpooled.EMPTY_BUFFER : kept.take();
        head = null;
        response = null;
        String status = trailers.get(HeaderName.GRPC_STATUS);
        if (status != null) {
            if (!isZero(status)) {
                waiting.set(HeaderName.STATUS, 503);
            }
            waiting.set(HeaderName.GRPC_STATUS, status);
        }
        String message = trailers.get(HeaderName.GRPC_MESSAGE);
        if (message != null) {
            waiting.set(HeaderName.GRPC_MESSAGE, message);
        }
        waiting.set(HeaderName.CONTENT_LENGTH, body.readableBytes());
        context.inject(Direction.RESPONSE, body, false);
        return Step.CONTINUE;
    }

    /** Zero as a number, however it is written. */
    private static boolean isZero(String status) {
        boolean digits = !status.isEmpty();
        for (int i = 0; i < status.length(); i++) {
            digits &= status.charAt(i) == '0';
        }
        return digits;
    }

    private static ByteBufAllocator allocator(FilterContext context) {
        return context.connection().worker().allocator();
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (request != null) {
            request.release();
            request = null;
        }
        if (response != null) {
            response.release();
            response = null;
        }
    }
}
