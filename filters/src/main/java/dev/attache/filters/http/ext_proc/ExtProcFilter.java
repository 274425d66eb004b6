package dev.attache.filters.http.ext_proc;

import dev.attache.filters.authorization.ToldMetadata;
import dev.attache.filters.http.ext_proc.ExtProcStats.Count;
import dev.attache.proxy.call.grpc.GrpcOutcome;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.Cluster;
import dev.attache.proxy.worker.Timer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its two sides, the stream to the processor, and what becomes of all where that fails.
 *
 * <p>Longer than files here should be: it is what both sides ask for.
 */
final class ExtProcFilter implements HttpFilter {

    private final ExtProcSpec spec;
    private final ExtProcStats stats;
    private final HttpFilterScope scope;
    private final Answers answers = new Answers(this);
    private final ProcessorLog log = new ProcessorLog();
    private @Nullable FilterContext context;
    private @Nullable Side request;
    private @Nullable Side response;
    private @Nullable ProcessorStream stream;

    private StreamSettings settings;

    /** The response's head, for attributes. */
    private @Nullable Headers responseHeaders;

    private boolean protocolTold;
    private boolean sourcesHeld;

    /** The processor is not asked any more. */
    private boolean done;

    /** There is no stream to it, and why is yet to be heard. */
    private boolean failing;

    /** The stream that the filter is on has ended. */
    private boolean over;

    ExtProcFilter(ExtProcSpec spec, ExtProcStats stats, HttpFilterScope scope) {
        this.spec = spec;
        this.stats = stats;
        this.scope = scope;
        this.settings = StreamSettings.of(spec);
    }

    // ---- the message comes ---------------------------------------------------------------------

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext given) {
        return request(given).onHeaders(headers, end);
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext given) {
        return request(given).onData(data, end);
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext given) {
        return request(given).onTrailers(trailers);
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext given) {
        Side side = response(given);
        responseHeaders = headers;
        Step step = side.onHeaders(headers, end);
        if (!spec.waiting().observes() && side.isSkipped()) {
            answers.awaitOnly(side(Direction.REQUEST));
        }
        return step;
    }

    @Override
    public Step onResponseData(ByteBuf data, boolean end, FilterContext given) {
        return response(given).onData(data, end);
    }

    @Override
    public Step onResponseTrailers(Headers trailers, FilterContext given) {
        return response(given).onTrailers(trailers);
    }

    private Side request(FilterContext given) {
        Side known = request;
        return known != null ? known : begin(given, Direction.REQUEST);
    }

    private Side response(FilterContext given) {
        Side known = response;
        return known != null ? known : begin(given, Direction.RESPONSE);
    }

    /** The first that is heard of the stream, which may be its response. */
    private Side begin(FilterContext given, Direction which) {
        context = given;
        Side ofRequest = new Side(Direction.REQUEST, this, given);
        Side ofResponse = new Side(Direction.RESPONSE, this, given);
        request = ofRequest;
        response = ofResponse;
        mode(spec.mode());
        FilterState state = given.info().filterState();
        if (state.get(given.filterName()) == null) {
            state.set(given.filterName(), log);
        }
        List<ExtProcOverride> levels = given.overrides(ExtProcOverride.class);
        if (!levels.isEmpty()) {
            ExtProcOverride override = ExtProcOverride.merged(levels);
            settings = settings.changedBy(override);
            ProcessingMode other = override.disabled() ? ProcessingMode.OFF : override.mode();
            if (other != null) {
                mode(other);
            }
        }
        return which == Direction.REQUEST ? ofRequest : ofResponse;
    }

    void mode(ProcessingMode mode) {
        side(Direction.REQUEST).mode(mode);
        side(Direction.RESPONSE).mode(mode);
    }

    // ---- what sides ask for --------------------------------------------------------------------

    Side side(Direction direction) {
        Side known = direction == Direction.REQUEST ? request : response;
        if (known == null) {
            throw new IllegalStateException("the filter has seen nothing yet");
        }
        return known;
    }

    FilterContext context() {
        FilterContext known = context;
        if (known == null) {
            throw new IllegalStateException("the filter has seen nothing yet");
        }
        return known;
    }

    ExtProcSpec spec() {
        return spec;
    }

    ExtProcStats stats() {
        return stats;
    }

    ProcessorLog log() {
        return log;
    }

    ByteBufAllocator allocator() {
        return scope.worker().allocator();
    }

    Set<String> metadataNamespaces() {
        return settings.metadataNamespaces();
    }

    long nanoTime() {
        return scope.worker().nanoTime();
    }

    void schedule(Timer timer, long millis) {
        scope.worker().timers().schedule(timer, millis);
    }

    boolean observes() {
        return spec.waiting().observes();
    }

    boolean isDone() {
        return done;
    }

    boolean isFailing() {
        return failing;
    }

    boolean isOver() {
        return over;
    }

    HeaderChanges.Limits limits(Side side) {
        return HeaderChanges.Limits.of(side.direction, context(), scope);
    }

    /** Whether messages may go on where the processor fails. */
    private boolean mayFail() {
        Side ofRequest = side(Direction.REQUEST);
        Side ofResponse = side(Direction.RESPONSE);
        return settings.failureAllowed() && !hasGivenAway(ofRequest) && !hasGivenAway(ofResponse);
    }

    private static boolean hasGivenAway(Side side) {
        return side.bodyMode == ProcessingMode.BodyMode.FULL_DUPLEX_STREAMED && side.bodyCame;
    }

    // ---- questions -----------------------------------------------------------------------------

    QuestionWriter aboutHeaders(Side side, Headers headers, boolean end) {
        return told(
                side,
                QuestionWriter.headers(side.direction, headers, end, isOfHttp1(side), spec.told()));
    }

    /** Where Envoy has the fields of the request line in an order of its own. */
    private boolean isOfHttp1(Side side) {
        return side.direction == Direction.REQUEST && context().info().protocol() != Protocol.HTTP2;
    }

    QuestionWriter aboutBody(Side side, ByteBuf data, boolean end) {
        return told(side, QuestionWriter.body(side.direction, data, end));
    }

    QuestionWriter aboutTrailers(Side side, Headers trailers) {
        return told(side, QuestionWriter.trailers(side.direction, trailers, spec.told()));
    }

    private QuestionWriter told(Side side, QuestionWriter question) {
        FilterContext known = context();
        ToldAttributes attributes = settings.attributes();
        if (attributes.areTold(side.direction) && side.tellsAttributesNow()) {
            boolean ofResponse = side.direction == Direction.RESPONSE;
            FormatContext about =
                    new FormatContext(
                            known.info(),
                            known.requestHeaders(),
                            ofResponse ? responseHeaders : null,
                            ofResponse ? side.trailers : null,
                            "",
                            FormatContext.AccessLogType.NotSet);
            question.attributes(attributes.values(side.direction, about));
        }
        question.metadata(ofCluster(known), settings.metadata().of(known.info()));
        if (!protocolTold && !observes()) {
            protocolTold = true;
            question.protocol(
                    side(Direction.REQUEST).bodyMode,
                    side(Direction.RESPONSE).bodyMode,
                    spec.waiting().bodyBeforeHeaders());
        }
        return question;
    }

    private Metadata ofCluster(FilterContext known) {
        ToldMetadata clusterMetadata = settings.clusterMetadata();
        if (clusterMetadata.namespaces().isEmpty() && clusterMetadata.typed().isEmpty()) {
            return Metadata.EMPTY;
        }
        ClusterSelection selection = known.cluster();
        Cluster cluster = selection == null ? null : scope.clusters().cluster(selection.cluster());
        return cluster == null
                ? Metadata.EMPTY
                : clusterMetadata.chosen(cluster.spec().metadata(), Metadata.EMPTY);
    }

    /** Sends a question that nobody waits for the answer of. */
    void observe(Side side, QuestionWriter question) {
        ask(side, question.observability(true));
    }

    /** Whether it could be sent. */
    boolean ask(Side side, QuestionWriter question) {
        if (done || failing) {
            return false;
        }
        ProcessorStream open = stream != null ? stream : open();
        if (open == null) {
            return false;
        }
        open.send(question.message());
        stats.inc(Count.STREAM_MSGS_SENT);
        return true;
    }

    private @Nullable ProcessorStream open() {
        FilterContext known = context();
        ProcessorStream opened = new ProcessorStream(scope, this);
        stream = opened;
        FormatContext about = FormatContext.of(known.info(), known.requestHeaders());
        if (!opened.open(settings.service(), about, known, settings.emitsSpan())) {
            failing = true;
            return null;
        }
        stats.inc(Count.STREAMS_STARTED);
        known.feeds(Direction.RESPONSE, opened);
        Side ofRequest = side(Direction.REQUEST);
        if (ofRequest.bodyMode == ProcessingMode.BodyMode.FULL_DUPLEX_STREAMED
                && side(Direction.RESPONSE).isSkipped()) {
            // Otherwise a response that the upstream wants read first would wait for it, too.
            known.feeds(Direction.REQUEST, opened);
        }
        return opened;
    }

    /** The processor reads more slowly than messages come. */
    void holdSources(boolean hold) {
        if (hold != sourcesHeld) {
            sourcesHeld = hold;
            FilterContext known = context();
            for (Direction direction : Direction.values()) {
                if (hold) {
                    known.valve(direction).hold();
                } else {
                    known.valve(direction).release();
                }
            }
        }
    }

    // ---- answers -------------------------------------------------------------------------------

    void onMessage(ByteBuf message) {
        if (over || done || observes()) {
            return;
        }
        Answer answer = AnswerWire.read(message);
        if (answer == null) {
            close();
            onClosed(new GrpcOutcome(GrpcOutcome.INTERNAL, ""));
        } else {
            answers.take(answer);
        }
    }

    void onClosed(GrpcOutcome status) {
        if (over) {
            return;
        }
        stats.inc(Count.SERVER_HALF_CLOSED);
        failing = false;
        noteBytes();
        if (status.isOk()) {
            ended(10);
            return;
        }
        stats.inc(Count.STREAMS_FAILED);
        if (done) {
            return;
        }
        if (mayFail()) {
            // Counted again, as Envoy does.
            stats.inc(Count.SERVER_HALF_CLOSED);
            ended(status.code());
            stats.inc(Count.FAILURE_MODE_ALLOWED);
            log.failedOpen();
        } else {
            fail(
                    spec.failure().status(),
                    status.code(),
                    "ext_proc_error_gRPC_error_" + status.code() + "{" + told(status) + "}");
        }
    }

    private static String told(GrpcOutcome status) {
        if (status.message().isEmpty() || status.details().isEmpty()) {
            return status.message() + status.details();
        }
        return status.message() + "{" + status.details() + "}";
    }

    /** The processor has ended its stream: the rest goes on without it. */
    private void ended(int status) {
        if (!done) {
            done = true;
            stats.inc(Count.STREAMS_CLOSED);
            close();
            giveUp(status);
        }
    }

    void onTimeout() {
        if (done) {
            return;
        }
        noteBytes();
        stats.inc(Count.MESSAGE_TIMEOUTS);
        if (mayFail()) {
            done = true;
            close();
            stats.inc(Count.FAILURE_MODE_ALLOWED);
            log.failedOpen();
            giveUp(GrpcOutcome.DEADLINE_EXCEEDED);
        } else {
            close();
            fail(504, GrpcOutcome.DEADLINE_EXCEEDED, "ext_proc_error_per-message_timeout_exceeded");
        }
    }

    /** An answer that nobody asked for. */
    void spurious(SideAnswers.Refusal refusal) {
        stats.inc(Count.SPURIOUS_MSGS_RECEIVED);
        if (mayFail()) {
            stats.inc(Count.FAILURE_MODE_ALLOWED);
            log.failedOpen();
            done = true;
            close();
            giveUp(refusal.status());
        } else {
            fail(spec.failure().status(), refusal.status(), refusal.text());
        }
    }

    /** The client is told, as far as that is still possible. */
    void fail(int status, int grpcStatus, String details) {
        done = true;
        answered(grpcStatus);
        close();
        answers.reply(new Answer.Immediate(status, null, "", -1, details));
    }

    /** Nothing more is awaited on either side. */
    void answered(int status) {
        noteBeforeFirst(status);
        side(Direction.REQUEST).answered(status, Side.Awaiting.NOTHING);
        side(Direction.RESPONSE).answered(status, Side.Awaiting.NOTHING);
    }

    private void giveUp(int status) {
        noteBeforeFirst(status);
        side(Direction.REQUEST).giveUp(status);
        side(Direction.RESPONSE).giveUp(status);
    }

    private void noteBeforeFirst(int status) {
        if (!side(Direction.REQUEST).wasAsked() && !side(Direction.RESPONSE).wasAsked()) {
            log.statusBeforeFirst(status);
        }
    }

    void noteBytes() {
        ProcessorStream open = stream;
        UpstreamInfo upstream = open == null ? null : open.upstream();
        if (upstream != null) {
            log.bytes(upstream);
        }
    }

    /** Whether there is a stream to the processor that is not being closed. */
    boolean isOpen() {
        return stream != null;
    }

    private void close() {
        ProcessorStream open = stream;
        stream = null;
        if (open != null && open.close()) {
            stats.inc(Count.STREAMS_CLOSED);
        }
        holdSources(false);
    }

    /** There is nothing more to ask. */
    void finish() {
        done = true;
        close();
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext given) {
        over = true;
        done = true;
        if (request != null) {
            side(Direction.REQUEST).end();
            side(Direction.RESPONSE).end();
        }
        ProcessorStream open = stream;
        if (observes() && open != null) {
            stream = null;
            open.outlive(spec.waiting().closeMillis(), () -> stats.inc(Count.STREAMS_CLOSED));
            holdSources(false);
        } else {
            finish();
        }
    }
}
