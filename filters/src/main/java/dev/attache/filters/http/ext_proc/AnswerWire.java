package dev.attache.filters.http.ext_proc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.attache.api.Overlay;
import dev.attache.config.core.MetadataValues;
import dev.attache.filters.http.ext_proc.Answer.BodyChange;
import dev.attache.filters.http.ext_proc.Answer.Change;
import dev.attache.filters.http.ext_proc.Answer.HeaderChange;
import dev.attache.filters.http.ext_proc.Answer.Immediate;
import dev.attache.filters.http.ext_proc.Answer.Part;
import dev.attache.filters.http.ext_proc.Answer.Piece;
import dev.attache.filters.http.ext_proc.Answer.SetHeader;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.ext_proc.v3.BodyMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.HeaderMutation;
import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.envoyproxy.envoy.service.ext_proc.v3.ImmediateResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.StreamedBodyResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.TrailersResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code envoy.service.ext_proc.v3.ProcessingResponse}. Pure. */
final class AnswerWire {

    /** What an immediate response has where it says nothing. */
    private static final int OK = 200;

    private static final long MAX_SECONDS = 315_576_000_000L;

    private AnswerWire() {}

    /** Null where the bytes are no message. */
    static @Nullable Answer read(ByteBuf message) {
        try {
            return read(ProcessingResponse.parseFrom(ByteBufUtil.getBytes(message)));
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    static Answer read(ProcessingResponse response) throws InvalidProtocolBufferException {
        Piece piece = piece(response);
        return new Answer(
                piece != null ? Part.STREAMED_IMMEDIATE : part(response),
                change(response),
                trailers(response),
                response.hasImmediateResponse() ? immediate(response.getImmediateResponse()) : null,
                piece,
                response.hasDynamicMetadata()
                        ? MetadataValues.compile(response.getDynamicMetadata())
                        : null,
                response.hasModeOverride()
                        ? ProcessingModeWire.read(response.getModeOverride())
                        : null,
                response.hasOverrideMessageTimeout()
                        ? millis(response.getOverrideMessageTimeout())
                        : Answer.NO_TIMEOUT);
    }

    private static Part part(ProcessingResponse response) {
        return switch (response.getResponseCase()) {
            case REQUEST_HEADERS -> Part.REQUEST_HEADERS;
            case RESPONSE_HEADERS -> Part.RESPONSE_HEADERS;
            case REQUEST_BODY -> Part.REQUEST_BODY;
            case RESPONSE_BODY -> Part.RESPONSE_BODY;
            case REQUEST_TRAILERS -> Part.REQUEST_TRAILERS;
            case RESPONSE_TRAILERS -> Part.RESPONSE_TRAILERS;
            case IMMEDIATE_RESPONSE -> Part.IMMEDIATE;
            case RESPONSE_NOT_SET -> Part.NONE;
        };
    }

    private static Change change(ProcessingResponse response) {
        return switch (response.getResponseCase()) {
            case REQUEST_HEADERS -> change(response.getRequestHeaders().getResponse());
            case RESPONSE_HEADERS -> change(response.getResponseHeaders().getResponse());
            case REQUEST_BODY -> change(response.getRequestBody().getResponse());
            case RESPONSE_BODY -> change(response.getResponseBody().getResponse());
            case REQUEST_TRAILERS, RESPONSE_TRAILERS, IMMEDIATE_RESPONSE, RESPONSE_NOT_SET ->
                    Change.NOTHING;
        };
    }

    private static Change change(CommonResponse common) {
        return new Change(
                common.getStatus() == CommonResponse.ResponseStatus.CONTINUE_AND_REPLACE,
                common.hasHeaderMutation() ? headers(common.getHeaderMutation()) : null,
                common.hasBodyMutation() ? body(common.getBodyMutation()) : null,
                common.getClearRouteCache());
    }

    private static @Nullable HeaderChange trailers(ProcessingResponse response) {
        TrailersResponse trailers =
                switch (response.getResponseCase()) {
                    case REQUEST_TRAILERS -> response.getRequestTrailers();
                    case RESPONSE_TRAILERS -> response.getResponseTrailers();
                    default -> TrailersResponse.getDefaultInstance();
                };
        return trailers.hasHeaderMutation() ? headers(trailers.getHeaderMutation()) : null;
    }

    @SuppressWarnings("deprecation") // append is what Envoy reads here
    private static HeaderChange headers(HeaderMutation mutation) {
        List<SetHeader> set = new ArrayList<>(mutation.getSetHeadersCount());
        for (HeaderValueOption option : mutation.getSetHeadersList()) {
            if (option.hasHeader()) {
                set.add(setHeader(option.getHeader(), option.getAppend().getValue()));
            }
        }
        return new HeaderChange(set, List.copyOf(mutation.getRemoveHeadersList()));
    }

    /** The value is in {@code raw_value} alone. */
    private static SetHeader setHeader(HeaderValue header, boolean append) {
        return new SetHeader(header.getKey(), octets(header.getRawValue()), append);
    }

    private static BodyChange body(BodyMutation mutation) {
        return switch (mutation.getMutationCase()) {
            case BODY -> new BodyChange(BodyChange.Kind.REPLACE, buffer(mutation.getBody()), false);
            case CLEAR_BODY ->
                    new BodyChange(
                            mutation.getClearBody() ? BodyChange.Kind.CLEAR : BodyChange.Kind.KEEP,
                            Unpooled.EMPTY_BUFFER,
                            false);
            case STREAMED_RESPONSE ->
                    new BodyChange(
                            BodyChange.Kind.STREAM,
                            buffer(mutation.getStreamedResponse().getBody()),
                            mutation.getStreamedResponse().getEndOfStream());
            case MUTATION_NOT_SET ->
                    new BodyChange(BodyChange.Kind.KEEP, Unpooled.EMPTY_BUFFER, false);
        };
    }

    private static Immediate immediate(ImmediateResponse response) {
        return new Immediate(
                response.hasStatus() ? response.getStatus().getCodeValue() : OK,
                response.hasHeaders() ? headers(response.getHeaders()) : null,
                octets(response.getBody()),
                response.hasGrpcStatus() ? response.getGrpcStatus().getStatus() : -1,
                response.getDetails());
    }

    private static @Nullable Piece piece(ProcessingResponse response)
            throws InvalidProtocolBufferException {
        Overlay streamed = Overlay.of(response).overlay("streamed_immediate_response");
        if (streamed == null) {
            return null;
        }
        HttpHeaders head =
                streamed.sentMessage("headers_response", HttpHeaders.getDefaultInstance());
        StreamedBodyResponse body =
                streamed.sentMessage("body_response", StreamedBodyResponse.getDefaultInstance());
        HeaderMap trailers =
                streamed.sentMessage("trailers_response", HeaderMap.getDefaultInstance());
        return new Piece(
                head == null ? null : list(head.getHeaders()),
                body == null ? null : buffer(body.getBody()),
                trailers == null ? null : list(trailers),
                head != null && head.getEndOfStream() || body != null && body.getEndOfStream());
    }

    private static List<SetHeader> list(HeaderMap map) {
        List<SetHeader> list = new ArrayList<>(map.getHeadersCount());
        for (HeaderValue header : map.getHeadersList()) {
            list.add(setHeader(header, true));
        }
        return list;
    }

    private static String octets(ByteString bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private static ByteBuf buffer(ByteString bytes) {
        return Unpooled.wrappedBuffer(bytes.asReadOnlyByteBuffer());
    }

    private static long millis(Duration duration) {
        boolean valid =
                duration.getSeconds() >= 0
                        && duration.getSeconds() <= MAX_SECONDS
                        && duration.getNanos() >= 0
                        && duration.getNanos() <= 999_999_999;
        return valid
                ? duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000
                : Answer.BAD_TIMEOUT;
    }
}
