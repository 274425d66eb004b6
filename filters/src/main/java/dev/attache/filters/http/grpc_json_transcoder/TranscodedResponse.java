package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.Unfit;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.http.ResetReason;
import dev.attache.proxy.http.grpc.GrpcFrames;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.memory.KeptBody;
import dev.attache.proxy.memory.MemoryAccount;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The response of one call, as JSON or as the body that {@code google.api.HttpBody} holds: the head
 * waits until the trailers say how the call went. Loop-confined.
 *
 * <p>Longer than files here should be: what head, body and trailers become depends on one another.
 */
final class TranscodedResponse {
    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    private final TranscoderSettings settings;
    private final Call call;
    private final TranscoderStats stats;
    private final ResponseMessages messages;
    private final GrpcFrames frames;

    /** It is no gRPC, or something went wrong: what comes passes as it is. */
    private boolean foreign;

    private @Nullable Headers head;
    private boolean hasBody;
    private boolean typeSet;

    /** Of one message: waits for the trailers. */
    private @Nullable KeptBody body;

    private long held;

    TranscodedResponse(
            TranscoderSettings settings, Call call, TranscoderStats stats, MemoryAccount payer) {
        this.settings = settings;
        this.call = call;
        this.stats = stats;
        this.frames = new GrpcFrames(payer);
        this.messages = new ResponseMessages(settings, call, frames);
    }

    Call call() {
        return call;
    }

    private boolean streams() {
        return call.method().serverStreaming();
    }

    private String contentType() {
        boolean events =
                streams() && settings.responses().delimiter() == TranscoderSettings.Delimiter.SSE;
        return events ? EVENTS : JSON;
    }

    Step headers(Headers headers, boolean end, FilterContext context) {
        if (foreign || !GrpcStatus.isResponse(headers, end)) {
            foreign = true;
            return Step.CONTINUE;
        }
        head = headers;
        if (end) {
            return alone(headers, context);
        }
        headers.set(HeaderName.CONTENT_TYPE, contentType());
        if (streams() && !call.rawResponse()) {
            return Step.CONTINUE;
        }
        context.streamWhilePaused(Direction.RESPONSE);
        return Step.PAUSE;
    }

    /** Headers that are the trailers as well. */
    private Step alone(Headers headers, FilterContext context) {
        if (streams()) {
            headers.set(HeaderName.CONTENT_TYPE, contentType());
        }
        ByteBuf added = end(headers, headers, context);
        if (foreign) {
            return Step.DONE;
        }
        if (added == null) {
            return Step.CONTINUE;
        }
        context.injectHeaders(Direction.RESPONSE, headers, false);
        context.inject(Direction.RESPONSE, added, true);
        return Step.DONE;
    }

    Step data(ByteBuf data, boolean end, FilterContext context) {
        Headers pending = head;
        if (foreign || pending == null) {
            return Step.CONTINUE;
        }
        hasBody = true;
        if (call.rawResponse()) {
            return rawData(pending, data, end, context);
        }
        long limit = limit(context);
        if (messages.kept() + bodySize() + data.readableBytes() > limit) {
            return fail(
                    500,
                    "Response not transcoded because the transcoder's internal buffer size"
                            + " exceeds the configured limit.",
                    "response_buffer_size_limit_reached",
                    context);
        }
        String json = messages.read(data.slice());
        if (end && messages.error() == null) {
            json += messages.finish();
        }
        if (messages.error() != null) {
            return fail(502, messages.error(), messages.errorCode(), context);
        }
        if (streams()) {
            hold(messages.kept());
            if (!json.isEmpty() || end) {
                context.inject(Direction.RESPONSE, octets(json), end);
            }
            return Step.DONE;
        }
        keep(octets(json), context);
        hold(messages.kept() + bodySize());
        if (end) {
            context.inject(Direction.RESPONSE, takeBody(), true);
        }
        return Step.DONE;
    }

    private long limit(FilterContext context) {
        long configured = settings.responses().maxBody();
        return configured >= 0 ? configured : context.bufferLimit();
    }

    private static ByteBuf octets(String text) {
        return Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private long bodySize() {
        return body == null ? 0 : body.size();
    }

    private void keep(ByteBuf piece, FilterContext context) {
        KeptBody kept = body;
        if (kept == null) {
            kept = new KeptBody(context.memory(), context.connection().worker().allocator());
            body = kept;
        }
        kept.add(piece);
    }

    private ByteBuf takeBody() {
        KeptBody kept = body;
        body = null;
        hold(0);
        return kept == null ? Unpooled.EMPTY_BUFFER : kept.take();
    }

    private void hold(long bytes) {
        stats.responseBytes.add(bytes - held);
        held = bytes;
    }

    private Step fail(int status, @Nullable String why, String code, FilterContext context) {
        foreign = true;
        close();
        return context.respond(LocalReply.of(status, why, TranscoderFilter.FAILED + code + "}"));
    }

    // ---- bodies that are the message's ---------------------------------------------------------

    private Step rawData(Headers pending, ByteBuf data, boolean end, FilterContext context) {
        ByteBuf unread = data.slice();
        for (GrpcFrames.Frame frame = frames.next(unread);
                frame != null;
                frame = frames.next(unread)) {
            if (frame.message().length > 0 && !raw(pending, frame.message(), context)) {
                foreign = true;
                close();
                context.response().reset(ResetReason.LOCAL_RESET);
                return Step.DONE;
            }
        }
        if (!streams() && frames.kept() + bodySize() > context.bufferLimit()) {
            foreign = true;
            close();
            return context.respond(
                    LocalReply.of(500, "Internal Server Error", LocalReply.RESPONSE_TOO_LARGE));
        }
        if (end || (streams() && typeSet && bodySize() > 0)) {
            context.inject(Direction.RESPONSE, takeBody(), end);
        }
        return Step.DONE;
    }

    private boolean raw(Headers pending, byte[] message, FilterContext context) {
        try {
            RawBody content = RawBody.read(message, call.responseBody());
            if (!streams() || !typeSet) {
                pending.set(HeaderName.CONTENT_TYPE, content.contentType);
                typeSet = true;
            }
            keep(Unpooled.wrappedBuffer(content.data), context);
            return true;
        } catch (Unfit e) {
            return false;
        }
    }

    // ---- the end ------------------------------------------------------------------------------

    Step trailers(Headers trailers, FilterContext context) {
        Headers pending = head;
        if (foreign || pending == null) {
            return Step.CONTINUE;
        }
        ByteBuf added = end(pending, trailers, context);
        if (foreign) {
            return Step.DONE;
        }
        if (added != null) {
            context.inject(Direction.RESPONSE, added, false);
        }
        return Step.CONTINUE;
    }

    /**
     * The call has its status: makes the head say it.
     *
     * @return what is still to be sent, or null
     */
    private @Nullable ByteBuf end(Headers pending, Headers trailers, FilterContext context) {
        boolean alone = pending == trailers;
        Long status = GrpcStatus.of(trailers);
        String converted = converted(status, trailers);
        if (converted != null && status != null) {
            sayFailure(pending, status, converted.length(), alone, context);
            return octets(converted);
        }
        if (!call.rawResponse()) {
            String last = messages.finish();
            if (messages.error() != null) {
                fail(502, messages.error(), messages.errorCode(), context);
                return null;
            }
            if (!last.isEmpty()) {
                keep(octets(last), context);
            }
        }
        if (!streams() || alone) {
            sayStatus(pending, trailers, status, context);
        }
        return bodySize() > 0 ? takeBody() : null;
    }

    private @Nullable String converted(@Nullable Long status, Headers trailers) {
        if (status == null || status == 0 || status == GrpcStatus.INVALID) {
            return null;
        }
        return settings.responses().convertStatus() && !hasBody
                ? StatusBody.of(settings, status, trailers)
                : null;
    }

    private static void sayFailure(
            Headers pending, long status, int length, boolean alone, FilterContext context) {
        pending.set(HeaderName.STATUS, GrpcStatus.toHttp(status));
        if (alone) {
            pending.remove(HeaderName.GRPC_STATUS);
            pending.remove(HeaderName.GRPC_MESSAGE);
            pending.remove(StatusBody.DETAILS);
        }
        withoutTrailerField(pending, context);
        pending.set(HeaderName.CONTENT_TYPE, JSON);
        pending.set(HeaderName.CONTENT_LENGTH, length);
    }

    private void sayStatus(
            Headers pending, Headers trailers, @Nullable Long status, FilterContext context) {
        boolean alone = pending == trailers;
        if (status == null || status == GrpcStatus.INVALID) {
            pending.set(HeaderName.STATUS, 503);
        } else {
            pending.set(HeaderName.STATUS, GrpcStatus.toHttp(status));
            if (!alone) {
                pending.set(HeaderName.GRPC_STATUS, status);
            }
        }
        String message = trailers.get(HeaderName.GRPC_MESSAGE);
        if (!alone && message != null) {
            pending.set(HeaderName.GRPC_MESSAGE, message);
        }
        withoutTrailerField(pending, context);
        if (!streams()) {
            pending.set(HeaderName.CONTENT_LENGTH, bodySize());
        }
    }

    /** HTTP/1 has dropped the trailers that it announces. */
    private static void withoutTrailerField(Headers pending, FilterContext context) {
        Protocol protocol = context.info().protocol();
        if (protocol == null || !protocol.multiplexed()) {
            pending.remove(HeaderName.TRAILER);
        }
    }

    void close() {
        frames.close();
        if (body != null) {
            body.release();
            body = null;
        }
        hold(0);
    }
}
