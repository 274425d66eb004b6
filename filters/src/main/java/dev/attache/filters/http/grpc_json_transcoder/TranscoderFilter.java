package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.json.Translation;
import dev.attache.filters.http.grpc_json_transcoder.path.Binding;
import dev.attache.filters.http.grpc_json_transcoder.path.PathMatcher;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request: becomes a call where its path means one, and its response JSON again. */
final class TranscoderFilter implements HttpFilter {
    static final String FAILED = "grpc_json_transcode_failure{";
    private static final String FAILED_EARLY = "early_" + FAILED;
    private static final String INVALID = "INVALID_ARGUMENT}";
    private static final HeaderName ORIGINAL_METHOD = HeaderName.of("x-envoy-original-method");

    private final TranscoderSettings ofFilter;
    private final TranscoderStats stats;
    private @Nullable RequestMessages messages;
    private @Nullable RawRequest raw;
    private @Nullable TranscodedResponse response;
    private long maxRequest;
    private long held;

    /** What the stream pays for JSON that is not a message yet. */
    private long charged;

    TranscoderFilter(TranscoderSettings ofFilter, TranscoderStats stats) {
        this.ofFilter = ofFilter;
        this.stats = stats;
    }

    // ---- request ------------------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        TranscoderSettings ofRoute = context.override(TranscoderSettings.class);
        TranscoderSettings settings = ofRoute != null ? ofRoute : ofFilter;
        if (settings.disabled() || GrpcContent.isGrpc(headers)) {
            return Step.CONTINUE;
        }
        String target = headers.getOr(HeaderName.PATH, "");
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        PathMatcher.Match<Call.Target> match =
                settings.calls()
                        .match(
                                headers.getOr(HeaderName.METHOD, ""),
                                path,
                                query < 0 ? "" : target.substring(query + 1));
        if (match == null) {
            return settings.requests().rejectUnknownMethod()
                    ? context.respond(
                            LocalReply.of(
                                    404,
                                    "Could not resolve " + path + " to a method.",
                                    FAILED_EARLY + "NOT_FOUND}"))
                    : Step.CONTINUE;
        }
        List<RequestMessages.Bound> bound = new ArrayList<>();
        List<Binding> unknown = new ArrayList<>();
        try {
            bind(settings, match, bound, unknown);
        } catch (FieldPaths.Unknown e) {
            return settings.requests().rejectUnknownParameters()
                    ? context.respond(LocalReply.of(400, e.text(), FAILED_EARLY + INVALID))
                    : Step.CONTINUE;
        }
        return transcode(settings, match.target(), bound, unknown, headers, end, context);
    }

    private static void bind(
            TranscoderSettings settings,
            PathMatcher.Match<Call.Target> match,
            List<RequestMessages.Bound> bound,
            List<Binding> unknown)
            throws FieldPaths.Unknown {
        Call call = match.target().call();
        for (Binding each : match.bindings()) {
            List<FieldType> field;
            try {
                field = FieldPaths.resolve(call.method().input(), each.field());
            } catch (FieldPaths.Unknown e) {
                if (settings.requests().captureUnknown()) {
                    unknown.add(each);
                } else if (!settings.requests().ignoreUnknown()) {
                    throw e;
                }
                continue;
            }
            int depth = call.requestBody().size();
            // What is in the body that goes on as it is, is not touched.
            boolean within =
                    call.rawRequest()
                            && field.size() >= depth
                            && field.subList(0, depth).equals(call.requestBody());
            if (!within) {
                bound.add(new RequestMessages.Bound(field, each.value()));
            }
        }
    }

    private Step transcode(
            TranscoderSettings settings,
            Call.Target target,
            List<RequestMessages.Bound> bound,
            List<Binding> unknown,
            Headers headers,
            boolean end,
            FilterContext context) {
        Call call = target.call();
        TranscoderSettings.Requests requests = settings.requests();
        long wanted = Math.max(requests.maxBody(), settings.responses().maxBody());
        if (wanted > context.bufferLimit()) {
            context.bufferLimit(wanted);
        }
        maxRequest = requests.maxBody() >= 0 ? requests.maxBody() : context.bufferLimit();
        if (call.rawRequest()) {
            Translation translation = new Translation();
            byte[] initial = RequestMessages.bare(settings, target, bound, translation);
            if (initial == null || translation.error() != null) {
                return refuse(translation.error(), FAILED, context);
            }
            String type = headers.getOr(HeaderName.CONTENT_TYPE, "");
            raw = new RawRequest(call, initial, type, unknown, context);
        } else {
            messages = new RequestMessages(settings, target, bound);
        }
        response = new TranscodedResponse(settings, call, stats, context.memory());
        becomeCall(call, headers);
        if (!requests.keepRoute()) {
            context.clearRoute();
        }
        return end ? withoutBody(headers, context) : Step.CONTINUE;
    }

    private static void becomeCall(Call call, Headers headers) {
        headers.remove(HeaderName.CONTENT_LENGTH);
        headers.set(HeaderName.CONTENT_TYPE, "application/grpc");
        headers.set(HeaderName.X_ENVOY_ORIGINAL_PATH, headers.getOr(HeaderName.PATH, ""));
        headers.add(ORIGINAL_METHOD, headers.getOr(HeaderName.METHOD, ""));
        headers.set(HeaderName.PATH, call.method().path());
        headers.set(HeaderName.METHOD, "POST");
        headers.set(HeaderName.TE, "trailers");
    }

    private Step withoutBody(Headers headers, FilterContext context) {
        byte[] body = raw != null ? raw.whole() : read("", true, context);
        if (error() != null) {
            return refuse(error(), FAILED_EARLY, context);
        }
        if (body == null || body.length == 0) {
            return Step.CONTINUE;
        }
        context.injectHeaders(Direction.REQUEST, headers, false);
        context.inject(Direction.REQUEST, Unpooled.wrappedBuffer(body), true);
        return Step.DONE;
    }

    private byte[] read(String octets, boolean end, FilterContext context) {
        if (messages == null) {
            return new byte[0];
        }
        byte[] frames = messages.read(octets, end);
        charge(messages.held(), context);
        return frames;
    }

    private @Nullable String error() {
        return messages == null ? null : messages.error();
    }

    private Step refuse(@Nullable String why, String details, FilterContext context) {
        forget(context);
        return context.respond(LocalReply.of(400, why, details + INVALID));
    }

    private void forget(FilterContext context) {
        response = null;
        messages = null;
        charge(0, context);
        if (raw != null) {
            raw.close();
            raw = null;
        }
        hold(0);
    }

    private void charge(long bytes, FilterContext context) {
        context.memory().heap(bytes - charged);
        charged = bytes;
    }

    private void hold(long bytes) {
        stats.requestBytes.add(bytes - held);
        held = bytes;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        if (raw != null) {
            return rawData(raw, data, end, context);
        }
        if (messages == null) {
            return Step.CONTINUE;
        }
        if (data.readableBytes() + held > maxRequest) {
            return tooLarge(context);
        }
        byte[] frames = read(data.toString(StandardCharsets.ISO_8859_1), end, context);
        if (error() != null) {
            return refuse(error(), FAILED, context);
        }
        if (messages.done() && frames.length == 0) {
            hold(held + data.readableBytes());
        }
        return passOn(frames, end, context);
    }

    private Step rawData(RawRequest request, ByteBuf data, boolean end, FilterContext context) {
        request.add(data);
        hold(request.size());
        boolean stream = response != null && response.call().method().clientStreaming();
        if (!stream && request.size() > maxRequest) {
            return tooLarge(context);
        }
        if (!stream && !end) {
            return Step.DONE;
        }
        byte[] frames = stream ? request.stream() : request.whole();
        hold(0);
        return passOn(frames == null ? new byte[0] : frames, end, context);
    }

    private static Step passOn(byte[] frames, boolean end, FilterContext context) {
        if (frames.length > 0 || end) {
            context.inject(Direction.REQUEST, Unpooled.wrappedBuffer(frames), end);
        }
        return Step.DONE;
    }

    private Step tooLarge(FilterContext context) {
        forget(context);
        return context.respond(
                LocalReply.of(
                        413,
                        "Request rejected because the transcoder's internal buffer size exceeds"
                                + " the configured limit.",
                        FAILED + "request_buffer_size_limit_reached}"));
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        byte[] last = raw != null ? raw.whole() : read("", true, context);
        hold(0);
        if (last != null && last.length > 0) {
            context.inject(Direction.REQUEST, Unpooled.wrappedBuffer(last), false);
        }
        return Step.CONTINUE;
    }

    // ---- response -----------------------------------------------------------------------------

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        return response == null ? Step.CONTINUE : response.headers(headers, end, context);
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext context) {
        return response == null ? Step.CONTINUE : response.data(data, end, context);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext context) {
        return response == null ? Step.CONTINUE : response.trailers(trailers, context);
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        if (response != null) {
            response.close();
        }
        forget(context);
    }
}
