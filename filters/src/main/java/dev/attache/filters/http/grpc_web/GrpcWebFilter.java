package dev.attache.filters.http.grpc_web;

import dev.attache.filters.grpc.GrpcCells;
import dev.attache.filters.grpc.GrpcMethod;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcFrames;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.stats.StatsStore;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of gRPC-Web: to the server it is gRPC; trailers come back as the last frame of the
 * body, and a response that is not gRPC becomes a status with its body as message.
 */
final class GrpcWebFilter implements HttpFilter {
    private static final String TEXT = "application/grpc-web-text";
    private static final String TEXT_PROTO = "application/grpc-web-text+proto";
    private static final String WEB = "application/grpc-web";
    private static final String WEB_PROTO = "application/grpc-web+proto";
    private static final Set<String> CONTENT_TYPES = Set.of(WEB, WEB_PROTO, TEXT, TEXT_PROTO);
    private static final byte TRAILERS = (byte) 0x80;

    /** Of a body that comes in pieces, so much becomes the message. */
    private static final int MESSAGE_LIMIT = 16384;

    private final GrpcCells cells;
    private boolean web;
    private @Nullable String prefix;
    private @Nullable TextBody requestText;
    private boolean textResponse;

    /** Messages of the response, where each becomes text. */
    private @Nullable GrpcFrames frames;

    /** The head of a response that is not gRPC and waits for its body. */
    private @Nullable Headers foreign;

    private @Nullable KeptBody foreignBody;

    GrpcWebFilter(GrpcCells cells) {
        this.cells = cells;
    }

    // ---- request ------------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
        web = CONTENT_TYPES.contains(type) && headers.contains(HeaderName.PATH);
        if (!web) {
            return Step.CONTINUE;
        }
        headers.remove(HeaderName.CONTENT_LENGTH);
        prefix = statsPrefix(headers, context);
        if (isText(type)) {
            requestText = new TextBody();
        }
        headers.set(HeaderName.CONTENT_TYPE, "application/grpc");
        textResponse = isText(headers.getOr(HeaderName.ACCEPT, ""));
        headers.set(HeaderName.TE, "trailers");
        headers.setIfAbsent(HeaderName.GRPC_ACCEPT_ENCODING, "identity");
        return Step.CONTINUE;
    }

    private static boolean isText(String type) {
        return type.equals(TEXT) || type.equals(TEXT_PROTO);
    }

    private static @Nullable String statsPrefix(Headers headers, FilterContext context) {
        if (context.cluster() == null) {
            return null;
        }
        String cluster = context.info().clusterObservabilityName;
        GrpcMethod method = GrpcMethod.of(headers.getOr(HeaderName.PATH, ""));
        return cluster == null || method == null
                ? null
                : "cluster."
                        + StatsStore.sanitize(cluster)
                        + ".grpc-web."
                        + method.service()
                        + "."
                        + method.method()
                        + ".";
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        TextBody text = requestText;
        if (text == null || (end && text.isEmpty(data))) {
            return Step.CONTINUE;
        }
        if (end && !text.endsWithGroup(data)) {
            return refuse("grpc_base_64_decode_failed_bad_size", context);
        }
        if (!text.hasGroup(data)) {
            text.keep(data);
            return Step.DONE;
        }
        ByteBuf octets = text.decode(data, context.connection().worker().allocator());
        if (octets == null) {
            return refuse("grpc_base_64_decode_failed", context);
        }
        context.inject(Direction.REQUEST, octets, end);
        return Step.DONE;
    }

    private static Step refuse(String details, FilterContext context) {
        return context.respond(
                LocalReply.of(400, "Bad gRPC-web request, invalid base64 data.", details));
    }

    // ---- response -----------------------------------------------------------------------------

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        if (!web) {
            return Step.CONTINUE;
        }
        count(headers);
        boolean ours = GrpcStatus.isResponse(headers, end) || isWebResponse(headers);
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.set(HeaderName.CONTENT_TYPE, textResponse ? TEXT_PROTO : WEB_PROTO);
        if (end || ours) {
            return Step.CONTINUE;
        }
        foreign = headers;
        context.streamWhilePaused(Direction.RESPONSE);
        return Step.PAUSE;
    }

    private static boolean isWebResponse(Headers headers) {
        String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
        int parameters = type.indexOf(';');
        String media = (parameters < 0 ? type : type.substring(0, parameters)).stripTrailing();
        return headers.getLong(HeaderName.STATUS) == 200
                && (media.equalsIgnoreCase(WEB_PROTO) || media.equalsIgnoreCase(WEB));
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        if (!web) {
            return Step.CONTINUE;
        }
        Headers head = foreign;
        if (head != null) {
            return foreignData(head, data, end, context);
        }
        return textResponse ? textData(data, end, context) : Step.CONTINUE;
    }

    private Step foreignData(Headers head, ByteBuf data, boolean end, FilterContext context) {
        KeptBody kept = foreignBody;
        if (!end) {
            if (kept == null || kept.size() < MESSAGE_LIMIT) {
                return keep(data, context);
            }
            return Step.DONE;
        }
        if (kept != null) {
            kept.add(data.retainedSlice());
        }
        becomeStatus(head, kept == null ? text(data) : message(kept));
        context.inject(Direction.RESPONSE, Unpooled.EMPTY_BUFFER, true);
        return Step.DONE;
    }

    private Step keep(ByteBuf data, FilterContext context) {
        KeptBody kept = foreignBody;
        if (kept == null) {
            kept = new KeptBody(context.memory(), context.connection().worker().allocator());
            foreignBody = kept;
        }
        kept.add(data.retainedSlice());
        if (kept.size() > context.bufferLimit()) {
            return context.respond(
                    LocalReply.of(500, "Internal Server Error", LocalReply.RESPONSE_TOO_LARGE));
        }
        return Step.DONE;
    }

    private String message(@Nullable KeptBody kept) {
        if (kept == null) {
            return "";
        }
        ByteBuf all = kept.take();
        foreignBody = null;
        String text = text(all.slice(0, Math.min(MESSAGE_LIMIT, all.readableBytes())));
        all.release();
        return text;
    }

    private static String text(ByteBuf octets) {
        return octets.toString(StandardCharsets.ISO_8859_1);
    }

    private void becomeStatus(Headers head, String message) {
        foreign = null;
        head.set(HeaderName.GRPC_MESSAGE, GrpcStatus.encodeMessage(message));
        head.set(HeaderName.GRPC_STATUS, GrpcStatus.ofHttp((int) head.getLong(HeaderName.STATUS)));
        head.set(HeaderName.CONTENT_LENGTH, 0);
    }

    /** Each message by itself, so that a client can decode what has come. */
    private Step textData(ByteBuf data, boolean end, FilterContext context) {
        GrpcFrames cut = frames != null ? frames : new GrpcFrames(context.memory());
        frames = cut;
        ByteBuf out = context.connection().worker().allocator().buffer();
        ByteBuf unread = data.slice();
        GrpcFrames.Frame frame = cut.next(unread);
        while (frame != null) {
            out.writeBytes(Base64.getEncoder().encode(frame.bytes()));
            frame = cut.next(unread);
        }
        if (!out.isReadable() && !end) {
            out.release();
            return Step.DONE;
        }
        context.inject(Direction.RESPONSE, out, end);
        return Step.DONE;
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        if (!web) {
            return Step.CONTINUE;
        }
        count(trailers);
        Headers head = foreign;
        if (head != null) {
            becomeStatus(head, message(foreignBody));
            return Step.CONTINUE;
        }
        byte[] frame = frame(trailers);
        trailers.clear();
        context.inject(
                Direction.RESPONSE,
                Unpooled.wrappedBuffer(textResponse ? Base64.getEncoder().encode(frame) : frame),
                false);
        return Step.CONTINUE;
    }

    private static byte[] frame(Headers trailers) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < trailers.size(); i++) {
            lines.append(trailers.name(i)).append(':').append(trailers.value(i)).append("\r\n");
        }
        return new GrpcFrames.Frame(
                        TRAILERS, lines.toString().getBytes(StandardCharsets.ISO_8859_1))
                .bytes();
    }

    private void count(Headers headers) {
        String status = headers.get(HeaderName.GRPC_STATUS);
        if (prefix != null && status != null) {
            cells.status(prefix, status);
        }
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (foreignBody != null) {
            foreignBody.release();
            foreignBody = null;
        }
        if (frames != null) {
            frames.close();
        }
    }
}
