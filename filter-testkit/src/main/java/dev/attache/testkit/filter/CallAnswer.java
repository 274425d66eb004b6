package dev.attache.testkit.filter;

import dev.attache.filter.CallException;
import dev.attache.proxy.call.CallFailure;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.ResetReason;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster answers to a call of a filter: a response, a failure, or nothing at all. Text is
 * ISO 8859-1. Immutable once handed over.
 */
public final class CallAnswer {

    private final @Nullable Headers head;
    private final @Nullable CallFailure failure;
    private byte[] body = new byte[0];
    private @Nullable Headers trailers;

    private CallAnswer(@Nullable Headers head, @Nullable CallFailure failure) {
        this.head = head;
        this.failure = failure;
    }

    /**
     * A response without a body.
     *
     * @param headers names and values in turn
     */
    public static CallAnswer status(int status, String... headers) {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        HeaderList.addTo(head, headers);
        return new CallAnswer(head, null);
    }

    /**
     * A response of gRPC: one message, without its frame, and status 0.
     *
     * @param message null = none
     */
    public static CallAnswer grpc(int grpcStatus, byte @Nullable [] message) {
        CallAnswer answer = status(200, "content-type", "application/grpc");
        if (message != null) {
            answer.body = framed(message);
        }
        return answer.trailers("grpc-status", String.valueOf(grpcStatus));
    }

    static byte[] framed(byte[] message) {
        byte[] framed = new byte[message.length + 5];
        framed[1] = (byte) (message.length >>> 24);
        framed[2] = (byte) (message.length >>> 16);
        framed[3] = (byte) (message.length >>> 8);
        framed[4] = (byte) message.length;
        System.arraycopy(message, 0, framed, 5, message.length);
        return framed;
    }

    static Headers grpcHead() {
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, 200);
        HeaderList.addTo(head, "content-type", "application/grpc");
        return head;
    }

    /**
     * No response: as a call of a filter of the API fails for that reason.
     *
     * @param kind not {@code GRPC_STATUS}, which is an answer ({@link #grpc})
     */
    public static CallAnswer failure(CallException.Kind kind) {
        return failure(
                switch (kind) {
                    case NO_CLUSTER -> CallFailure.Kind.NO_CLUSTER;
                    case NO_HOST -> CallFailure.Kind.NO_HOST;
                    case OVERFLOW -> CallFailure.Kind.OVERFLOW;
                    case TIMEOUT -> CallFailure.Kind.TIMEOUT;
                    case RESET -> CallFailure.Kind.RESET;
                    case TOO_LARGE -> CallFailure.Kind.TOO_LARGE;
                    case GRPC_STATUS ->
                            throw new IllegalArgumentException(
                                    "a status of gRPC is an answer: CallAnswer.grpc");
                });
    }

    /** No response: as a call fails for that reason. */
    public static CallAnswer failure(CallFailure.Kind kind) {
        return new CallAnswer(null, failure(kind, false));
    }

    /** Nothing comes, until the time that the filter has set is over. */
    public static CallAnswer silence() {
        return new CallAnswer(null, null);
    }

    public CallAnswer body(String text) {
        body = text.getBytes(StandardCharsets.ISO_8859_1);
        return this;
    }

    public CallAnswer body(byte[] bytes) {
        body = bytes.clone();
        return this;
    }

    /**
     * @param fields names and values in turn
     */
    public CallAnswer trailers(String... fields) {
        Headers made = new Headers(MessagePart.RESPONSE_TRAILERS);
        HeaderList.addTo(made, fields);
        trailers = made;
        return this;
    }

    static CallFailure failure(CallFailure.Kind kind, boolean responseBegan) {
        return switch (kind) {
            case NO_CLUSTER -> CallFailure.noCluster("a cluster");
            case NO_HOST -> CallFailure.NO_HOST;
            case OVERFLOW -> CallFailure.reset(ResetReason.OVERFLOW, responseBegan);
            case TIMEOUT -> CallFailure.timeout(responseBegan);
            case RESET -> CallFailure.reset(ResetReason.REMOTE_RESET, responseBegan);
            case TOO_LARGE -> CallFailure.tooLarge("the response is too large", responseBegan);
        };
    }

    /** Gives the answer to a call. */
    void give(SideCall call) {
        if (failure != null) {
            call.fail(failure);
            return;
        }
        if (head == null) {
            return;
        }
        boolean more = body.length > 0 || trailers != null;
        call.responseHead(head.copy(), !more);
        if (body.length > 0) {
            call.responseData(body, trailers == null);
        }
        if (trailers != null) {
            call.responseTrailers(trailers.copy());
        }
    }
}
