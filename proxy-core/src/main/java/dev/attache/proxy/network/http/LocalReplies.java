package dev.attache.proxy.network.http;

import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.grpc.GrpcContent;
import dev.attache.proxy.http.grpc.GrpcStatus;
import dev.attache.proxy.network.http.LocalReplySpec.Mapper;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.stream.StreamInfo;
import dev.attache.proxy.stream.format.BodyFormat;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.stream.format.FormatContext.AccessLogType;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Makes the message of a local reply: mapping, body format, and for gRPC requests a trailers-only
 * response (Envoy's "Local reply modification" page). Pure.
 */
final class LocalReplies {

    /** Headers and body of the answer; a null body ends with the headers. */
    record Message(Headers headers, byte @Nullable [] body) {}

    private static final String TEXT = "text/plain";

    private LocalReplies() {}

    static Message make(
            LocalReplySpec spec,
            LocalReply reply,
            StreamInfo info,
            Headers request,
            StreamRoute route) {
        Headers headers = new Headers(MessagePart.RESPONSE, 256, 12);
        headers.add(HeaderName.STATUS, reply.status());
        route.finalizeReply(request, headers);
        for (LocalReply.Field field : reply.headers()) {
            if (field.name() == HeaderName.X_ENVOY_ATTEMPT_COUNT) {
                // The one that is known better than by what the route adds.
                headers.set(field.name(), field.value());
            } else {
                headers.add(field.name(), field.value());
            }
        }
        int status = reply.status();
        String body = reply.body();
        info.responseCode(status);
        String typeBefore = headers.getOr(HeaderName.CONTENT_TYPE, "");
        BodyFormat format = spec.bodyFormat();
        for (Mapper mapper : spec.mappers()) {
            FormatContext context = context(info, request, headers, body);
            if (mapper.filter().accepts(context)) {
                if (mapper.body() != null) {
                    body = mapper.body();
                }
                mapper.headers().apply(headers, context(info, request, headers, body));
                if (mapper.status() >= 0) {
                    status = mapper.status();
                    headers.set(HeaderName.STATUS, status);
                    info.responseCode(status);
                }
                format = mapper.bodyFormat() != null ? mapper.bodyFormat() : format;
                break;
            }
        }
        String contentType = TEXT;
        if (format != null) {
            body = format.format(context(info, request, headers, body));
            contentType = format.contentType().isEmpty() ? TEXT : format.contentType();
        }
        if (!info.grpcRequest) {
            boolean said =
                    body.equals(reply.body())
                            || !headers.getOr(HeaderName.CONTENT_TYPE, "").equals(typeBefore);
            return http(headers, request, body, contentType, said);
        }
        return grpc(headers, info, reply, status, message(request, body, contentType));
    }

    /**
     * Says whether the connection goes with the reply.
     *
     * @param strict a broken message on HTTP/1 closes: nobody knows where the next one begins
     */
    static boolean ends(LocalReply reply, boolean strict) {
        // Who is told that the body is too large need not send the rest of it.
        return reply.status() == 413 || (strict && reply.status() == 400);
    }

    private static FormatContext context(
            StreamInfo info, @Nullable Headers request, Headers response, String body) {
        return new FormatContext(info, request, response, null, body, AccessLogType.NotSet);
    }

    /**
     * @param said what the headers say of the content's type is about this body: it is the reply's
     *     own, or a mapper said so; otherwise it was said of another body
     */
    private static Message http(
            Headers headers,
            @Nullable Headers request,
            String text,
            String contentType,
            boolean said) {
        if (text.isEmpty()) {
            headers.remove(HeaderName.CONTENT_LENGTH);
            headers.remove(HeaderName.CONTENT_TYPE);
            return new Message(headers, null);
        }
        byte[] body = text.getBytes(StandardCharsets.ISO_8859_1);
        headers.set(HeaderName.CONTENT_LENGTH, body.length);
        if (!said || !headers.contains(HeaderName.CONTENT_TYPE)) {
            headers.set(HeaderName.CONTENT_TYPE, contentType);
        }
        return new Message(headers, isHead(request) ? null : body);
    }

    /** What a gRPC client gets of a body: JSON without the line end that belongs to bodies. */
    private static String message(@Nullable Headers request, String body, String contentType) {
        if (isHead(request)) {
            return "";
        }
        boolean json = "application/json".equals(contentType) && body.endsWith("\n");
        return json ? body.substring(0, body.length() - 1) : body;
    }

    private static Message grpc(
            Headers headers, StreamInfo info, LocalReply reply, int status, String body) {
        headers.set(HeaderName.STATUS, "200");
        headers.set(HeaderName.CONTENT_TYPE, "application/grpc");
        if (headers.getOr(HeaderName.GRPC_STATUS, "").isEmpty()) {
            int grpcStatus =
                    reply.grpcStatus() >= 0 ? reply.grpcStatus() : GrpcStatus.ofHttp(status);
            headers.set(HeaderName.GRPC_STATUS, grpcStatus);
        }
        if (!body.isEmpty()) {
            headers.set(HeaderName.GRPC_MESSAGE, GrpcStatus.encodeMessage(body));
        }
        headers.remove(HeaderName.CONTENT_LENGTH);
        info.responseCode(200);
        return new Message(headers, null);
    }

    /** The body of a reply to a message that the codec refuses. */
    static String reason(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 408 -> "Request Timeout";
            case 413 -> "Payload Too Large";
            case 426 -> "Upgrade Required";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "";
        };
    }

    static boolean isHead(@Nullable Headers request) {
        int i = request == null ? -1 : request.indexOf(HeaderName.METHOD);
        return i >= 0 && request != null && request.valueEqualsIgnoreCase(i, "HEAD");
    }

    static boolean isGrpc(@Nullable Headers request) {
        return request != null && GrpcContent.isGrpc(request);
    }
}
