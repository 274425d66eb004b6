package dev.attache.filters.http.ext_proc;

import dev.attache.filters.http.ext_proc.Answer.Immediate;
import dev.attache.filters.http.ext_proc.ExtProcStats.Count;
import dev.attache.filters.http.ext_proc.ProcessingMode.BodyMode;
import dev.attache.filters.http.ext_proc.Side.Awaiting;
import dev.attache.filters.http.ext_proc.SideAnswers.Refusal;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.LocalReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What of the processor's answers concerns the stream as a whole. Loop-confined. */
final class Answers {

    private final ExtProcFilter filter;

    /** The side whose answers are all that is still to come; null: there is more. */
    private @Nullable Side lastAwaited;

    Answers(ExtProcFilter filter) {
        this.filter = filter;
    }

    void take(Answer answer) {
        if (answer.timeoutMillis() != Answer.NO_TIMEOUT) {
            extend(answer.timeoutMillis());
            return;
        }
        changeMode(answer);
        boolean last = isLast(answer);
        Refusal refusal = heed(answer);
        if (refusal == null) {
            filter.stats().inc(Count.STREAM_MSGS_RECEIVED);
        } else if (refusal.isSpurious()) {
            filter.spurious(refusal);
        } else {
            filter.stats().inc(Count.STREAM_MSGS_RECEIVED);
            filter.fail(filter.spec().failure().status(), refusal.status(), refusal.text());
        }
        if (filter.isOpen() && !filter.isOver()) {
            if (nothingFollows(answer, last)) {
                lastAwaited = other(answer);
            }
            finishOnceSettled();
        }
    }

    private Side other(Answer answer) {
        return switch (answer.part()) {
            case REQUEST_HEADERS, REQUEST_BODY, REQUEST_TRAILERS -> filter.side(Direction.RESPONSE);
            case RESPONSE_HEADERS,
                    RESPONSE_BODY,
                    RESPONSE_TRAILERS,
                    IMMEDIATE,
                    STREAMED_IMMEDIATE,
                    NONE ->
                    filter.side(Direction.REQUEST);
        };
    }

    /** The processor has had all it is to see but for what that side still waits for. */
    void awaitOnly(Side side) {
        lastAwaited = side;
        finishOnceSettled();
    }

    /**
     * An upstream may answer before it has all of the request, which goes on in order then, too.
     */
    private void finishOnceSettled() {
        Side awaited = lastAwaited;
        if (awaited != null && awaited.isSettled()) {
            filter.finish();
        }
    }

    private void extend(long millis) {
        boolean extended = false;
        if (millis >= 1 && millis <= filter.spec().waiting().maxTimeoutMillis()) {
            boolean ofRequest = filter.side(Direction.REQUEST).extend(millis);
            extended = filter.side(Direction.RESPONSE).extend(millis) || ofRequest;
        }
        filter.stats()
                .inc(
                        extended
                                ? Count.OVERRIDE_MESSAGE_TIMEOUT_RECEIVED
                                : Count.OVERRIDE_MESSAGE_TIMEOUT_IGNORED);
    }

    private void changeMode(Answer answer) {
        ProcessingMode wanted = answer.mode();
        ProcessingMode configured = filter.spec().mode();
        boolean may =
                filter.spec().heeding().modeOverride()
                        && !filter.spec().waiting().bodyBeforeHeaders()
                        && configured.requestBody() != BodyMode.FULL_DUPLEX_STREAMED
                        && configured.responseBody() != BodyMode.FULL_DUPLEX_STREAMED
                        && (awaits(Direction.REQUEST) || awaits(Direction.RESPONSE));
        if (wanted == null || !may) {
            return;
        }
        ProcessingMode changed = configured.changedBy(wanted);
        List<ProcessingMode> allowed = filter.spec().heeding().modes();
        if (allowed.isEmpty() || allowed.stream().anyMatch(changed::isAs)) {
            filter.mode(changed);
        }
    }

    private boolean awaits(Direction direction) {
        return filter.side(direction).awaiting == Awaiting.HEADERS;
    }

    private @Nullable Refusal heed(Answer answer) {
        Side request = filter.side(Direction.REQUEST);
        Side response = filter.side(Direction.RESPONSE);
        switch (answer.part()) {
            case REQUEST_HEADERS -> {
                tell(answer);
                return new SideAnswers(request).headers(answer.change());
            }
            case RESPONSE_HEADERS -> {
                tell(answer);
                return new SideAnswers(response).headers(answer.change());
            }
            case REQUEST_BODY -> {
                tell(answer);
                return new SideAnswers(request).body(answer.change());
            }
            case RESPONSE_BODY -> {
                tell(answer);
                return new SideAnswers(response).body(answer.change());
            }
            case REQUEST_TRAILERS -> {
                tell(answer);
                return new SideAnswers(request).trailers(answer.trailers());
            }
            case RESPONSE_TRAILERS -> {
                tell(answer);
                return new SideAnswers(response).trailers(answer.trailers());
            }
            case IMMEDIATE -> {
                return immediate(answer);
            }
            case STREAMED_IMMEDIATE, NONE -> {
                return Refusal.spurious("unhandled message");
            }
        }
        throw new IllegalStateException("no such part");
    }

    private @Nullable Refusal immediate(Answer answer) {
        Immediate immediate = answer.immediate();
        if (!filter.spec().heeding().immediate() || immediate == null) {
            return Refusal.spurious("unhandled immediate response due to config disabled it");
        }
        tell(answer);
        filter.log().immediate();
        filter.answered(0);
        filter.finish();
        reply(immediate);
        return null;
    }

    /** Metadata, of the namespaces that the processor may write. */
    private void tell(Answer answer) {
        MetadataValue.Struct all = answer.metadata();
        if (all == null) {
            return;
        }
        for (Map.Entry<String, MetadataValue> each : all.fields().entrySet()) {
            if (filter.metadataNamespaces().contains(each.getKey())) {
                MetadataValue.Struct fields =
                        each.getValue() instanceof MetadataValue.Struct struct
                                ? struct
                                : MetadataValue.EMPTY_STRUCT;
                filter.context().info().dynamicMetadata().merge(each.getKey(), fields);
            }
        }
    }

    // ---- the processor's last word -------------------------------------------------------------

    /** Before the answer is heeded: whether it is about the end of a body that is streamed. */
    private boolean isLast(Answer answer) {
        Side side =
                switch (answer.part()) {
                    case REQUEST_BODY -> filter.side(Direction.REQUEST);
                    case RESPONSE_BODY -> filter.side(Direction.RESPONSE);
                    default -> null;
                };
        if (side == null) {
            return false;
        }
        Answer.BodyChange body = answer.change().body();
        return switch (side.bodyMode) {
            case STREAMED -> side.queue.firstIsLast();
            case FULL_DUPLEX_STREAMED ->
                    body != null && body.kind() == Answer.BodyChange.Kind.STREAM && body.end();
            case NONE, BUFFERED, BUFFERED_PARTIAL, GRPC -> false;
        };
    }

    private boolean nothingFollows(Answer answer, boolean lastOfBody) {
        Side request = filter.side(Direction.REQUEST);
        Side response = filter.side(Direction.RESPONSE);
        return switch (answer.part()) {
            case REQUEST_HEADERS -> hasOnlyHead(request) && response.isSkipped();
            case REQUEST_BODY -> lastOfBody && response.isSkipped();
            case REQUEST_TRAILERS -> response.isSkipped();
            case RESPONSE_HEADERS -> hasOnlyHead(response);
            case RESPONSE_BODY -> lastOfBody;
            case RESPONSE_TRAILERS -> true;
            case IMMEDIATE, STREAMED_IMMEDIATE, NONE -> false;
        };
    }

    private static boolean hasOnlyHead(Side side) {
        return side.noBody || side.bodyMode == BodyMode.NONE && !side.sendsTrailers;
    }

    // ---- replies -------------------------------------------------------------------------------

    /** Answers the client. */
    void reply(Immediate immediate) {
        filter.stats().inc(Count.IMMEDIATE_RESPONSES_SENT);
        int status = immediate.status() >= 200 ? immediate.status() : 200;
        Headers head = new Headers(MessagePart.RESPONSE);
        head.add(HeaderName.STATUS, status);
        if (immediate.headers() != null) {
            // What spoils it leaves what came before.
            String unused =
                    new HeaderChanges(filter.spec().rules(), filter.stats())
                            .apply(
                                    immediate.headers(),
                                    head,
                                    false,
                                    true,
                                    filter.limits(filter.side(Direction.RESPONSE)));
        }
        List<LocalReply.Field> fields = new ArrayList<>(head.size());
        for (int i = 0; i < head.size(); i++) {
            HeaderName name = HeaderName.of(head.name(i));
            if (name != HeaderName.STATUS) {
                fields.add(new LocalReply.Field(name, head.value(i)));
            }
        }
        filter.context()
                .respond(
                        new LocalReply(
                                status,
                                immediate.body(),
                                immediate.details().replaceAll("[ \\t\\n\\x0B\\f\\r]", "_"),
                                fields,
                                immediate.grpcStatus()));
    }
}
