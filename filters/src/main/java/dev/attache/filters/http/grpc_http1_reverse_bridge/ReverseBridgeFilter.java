package dev.attache.filters.http.grpc_http1_reverse_bridge;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcFrames;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request of gRPC whose server does not know of it. */
final class ReverseBridgeFilter implements HttpFilter {

    private static final int PREFIX = 5;
    private static final int UNKNOWN = 2;
    private static final int INTERNAL = 13;

    private final ReverseBridgeSpec spec;
    private boolean bridges;
    private String contentType = "";

    /** So many octets of the request's prefix are still to come. */
    private int prefixLeft = PREFIX;

    private int grpcStatus;

    /** As the server has said it. */
    private long announced;

    private long received;
    private boolean prefixed;

    /** A message that is gathered. */
    private @Nullable KeptBody response;

    ReverseBridgeFilter(ReverseBridgeSpec spec) {
        this.spec = spec;
    }

    // ---- request ------------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        ReverseBridgeOverride ofRoute = context.override(ReverseBridgeOverride.class);
        if (end || ofRoute != null && ofRoute.disabled() || !GrpcContent.isGrpc(headers)) {
            return Step.CONTINUE;
        }
        bridges = true;
        contentType = headers.getOr(HeaderName.CONTENT_TYPE, "");
        headers.set(HeaderName.CONTENT_TYPE, spec.contentType());
        headers.set(HeaderName.ACCEPT, spec.contentType());
        if (spec.withholdsFrames()) {
            long length = headers.getLong(HeaderName.CONTENT_LENGTH);
            if (length > 0 && length < PREFIX) {
                return tooSmall(context);
            }
            if (length > 0) {
                headers.set(HeaderName.CONTENT_LENGTH, length - PREFIX);
            }
        }
        context.clearRoute();
        return Step.CONTINUE;
    }

    private static Step tooSmall(FilterContext context) {
        return refuse(context, "invalid request body", UNKNOWN, "grpc_bridge_data_too_small");
    }

    private static Step refuse(FilterContext context, String text, int status, String details) {
        return context.respond(new LocalReply(200, text, details, List.of(), status));
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        if (bridges && spec.withholdsFrames() && prefixLeft > 0) {
            int length = Math.min(prefixLeft, data.readableBytes());
            data.skipBytes(length);
            prefixLeft -= length;
            if (end && prefixLeft > 0) {
                return tooSmall(context);
            }
        }
        return Step.CONTINUE;
    }

    // ---- response -----------------------------------------------------------------------------

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (!bridges) {
            return Step.CONTINUE;
        }
        String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
        if (!type.equals(spec.contentType())) {
            bridges = false;
            return refuse(context, wrongType(headers), UNKNOWN, "grpc_bridge_content_type_wrong");
        }
        headers.set(HeaderName.CONTENT_TYPE, contentType);
        if (spec.withholdsFrames() && !measure(headers)) {
            bridges = false;
            return refuse(
                    context,
                    "envoy reverse bridge: upstream did not set content length",
                    INTERNAL,
                    "grpc_bridge_content_length_missing");
        }
        int status = (int) headers.getLong(HeaderName.STATUS);
        // Elsewhere it would say nothing.
        grpcStatus = status == 200 ? 0 : GrpcStatus.ofHttp(status);
        headers.set(HeaderName.STATUS, 200);
        if (!end || !spec.withholdsFrames()) {
            return Step.CONTINUE;
        }
        headers.set(HeaderName.CONTENT_LENGTH, PREFIX);
        context.injectHeaders(Direction.RESPONSE, headers, false);
        context.inject(
                Direction.RESPONSE,
                GrpcFrames.frame(allocator(context), Unpooled.EMPTY_BUFFER),
                false);
        context.injectTrailers(Direction.RESPONSE, trailers());
        return Step.DONE;
    }

    private static String wrongType(Headers headers) {
        String type = headers.get(HeaderName.CONTENT_TYPE);
        return "envoy reverse bridge: upstream responded with "
                + (type == null ? "no content-type header" : "unsupported content-type " + type)
                + ", status code "
                + headers.getOr(HeaderName.STATUS, "");
    }

    /**
     * Adds the prefix to what the head says of the length; false: it does not say what it has to.
     */
    private boolean measure(Headers headers) {
        HeaderName sizeHeader = spec.sizeHeader();
        if (sizeHeader == null) {
            long length = headers.getLong(HeaderName.CONTENT_LENGTH);
            if (length > 0) {
                headers.set(HeaderName.CONTENT_LENGTH, length + PREFIX);
            }
            return true;
        }
        String size = headers.getOr(sizeHeader, "");
        int comma = size.indexOf(',');
        String first = (comma < 0 ? size : size.substring(0, comma)).strip();
        // A frame says its length in 32 bits.
        if (first.isEmpty()
                || first.length() > 10
                || !first.chars().allMatch(c -> c >= '0' && c <= '9')
                || Long.parseLong(first) > 0xffff_ffffL) {
            return false;
        }
        announced = Long.parseLong(first);
        headers.set(HeaderName.CONTENT_LENGTH, announced + PREFIX);
        return true;
    }

    private Headers trailers() {
        Headers trailers = new Headers(MessagePart.RESPONSE_TRAILERS);
        trailers.add(HeaderName.GRPC_STATUS, grpcStatus);
        return trailers;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        if (!bridges) {
            return Step.CONTINUE;
        }
        received += data.readableBytes();
        if (spec.withholdsFrames() && spec.sizeHeader() == null) {
            return gather(data, end, context);
        }
        if (spec.withholdsFrames() && !prefixed) {
            prefixed = true;
            context.inject(
                    Direction.RESPONSE,
                    Unpooled.wrappedBuffer(GrpcFrames.prefix((int) announced)),
                    false);
        }
        if (!end) {
            return Step.CONTINUE;
        }
        context.inject(Direction.RESPONSE, data.retain(), false);
        if (spec.withholdsFrames() && received != announced) {
            bridges = false;
            return refuse(
                    context,
                    "envoy reverse bridge: upstream set incorrect content length",
                    INTERNAL,
                    "grpc_bridge_content_length_wrong");
        }
        context.injectTrailers(Direction.RESPONSE, trailers());
        return Step.DONE;
    }

    private Step gather(ByteBuf data, boolean end, FilterContext context) {
        KeptBody kept = response;
        if (kept == null) {
            kept = new KeptBody(context.memory(), allocator(context));
            response = kept;
        }
        kept.add(data.retain());
        if (end) {
            frame(context);
            context.injectTrailers(Direction.RESPONSE, trailers());
            return Step.DONE;
        }
        return kept.size() > context.bufferLimit()
                ? context.tooLarge(Direction.RESPONSE)
                : Step.DONE;
    }

    private void frame(FilterContext context) {
        KeptBody kept = response;
        response = null;
        context.inject(
                Direction.RESPONSE,
                GrpcFrames.frame(
                        allocator(context), kept == null ? Unpooled.EMPTY_BUFFER : kept.take()),
                false);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        if (bridges) {
            trailers.set(HeaderName.GRPC_STATUS, grpcStatus);
            if (spec.withholdsFrames() && spec.sizeHeader() == null) {
                frame(context);
            }
        }
        return Step.CONTINUE;
    }

    private static ByteBufAllocator allocator(FilterContext context) {
        return context.connection().worker().allocator();
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (response != null) {
            response.release();
            response = null;
        }
    }
}
