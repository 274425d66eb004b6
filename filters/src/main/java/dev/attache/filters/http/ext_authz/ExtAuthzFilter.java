package dev.attache.filters.http.ext_authz;

import dev.attache.filters.authorization.Asking;
import dev.attache.filters.authorization.AuthorizationService;
import dev.attache.filters.authorization.Decision;
import dev.attache.filters.authorization.HeaderEdit;
import dev.attache.filters.authorization.Question;
import dev.attache.filters.authorization.ShadowDecision;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Enabling;
import dev.attache.filters.http.ext_authz.ExtAuthzSpec.Shown;
import dev.attache.filters.http.ext_authz.ExtAuthzStats.Count;
import dev.attache.filters.unsendable.UnsendableRequest;
import dev.attache.proxy.call.CallOptions;
import dev.attache.proxy.call.CallSpan;
import dev.attache.proxy.call.grpc.GrpcStream;
import dev.attache.proxy.connection.CertificateNames;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.Http2Options;
import dev.attache.proxy.metadata.FilterState;
import dev.attache.proxy.metadata.MetadataMatch;
import dev.attache.proxy.metadata.MetadataValue;
import dev.attache.proxy.pipeline.Direction;
import dev.attache.proxy.pipeline.FilterContext;
import dev.attache.proxy.pipeline.HttpFilter;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.Step;
import dev.attache.proxy.pipeline.StreamEnd;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteAction;
import dev.attache.proxy.stream.ResponseFlag;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import dev.attache.proxy.upstream.Cluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request: asks about it, and does what the answer says.
 *
 * <p>Longer than files here should be: what gathers, asks and heeds the answer shares one state.
 */
final class ExtAuthzFilter implements HttpFilter {

    private static final HeaderName FAILURE_MODE_ALLOWED =
            HeaderName.of("x-envoy-auth-failure-mode-allowed");
    private static final String INVALID = "ext_authz_invalid";
    private static final String METADATA = "envoy.filters.http.ext_authz";

    /** Where the request stands. */
    private enum State {
        NEW,
        GATHERING,
        ASKED,
        ANSWERED
    }

    private final ExtAuthzSpec spec;
    private final ExtAuthzStats stats;
    private final HttpFilterScope scope;
    private final @Nullable DecisionCache cache;
    private State state = State.NEW;
    private List<ExtAuthzOverride> levels = List.of();
    private @Nullable BodySettings body;
    private @Nullable ByteArrayOutputStream part;
    private long received;
    private long askedNanos;
    private @Nullable Cluster cluster;
    private @Nullable AskingLog log;
    private @Nullable GrpcStream call;
    private List<HeaderEdit> responseEdits = List.of();

    ExtAuthzFilter(
            ExtAuthzSpec spec,
            ExtAuthzStats stats,
            HttpFilterScope scope,
            @Nullable DecisionCache cache) {
        this.spec = spec;
        this.stats = stats;
        this.scope = scope;
        this.cache = cache;
    }

    @Override
    public Step onRequestHeaders(Headers headers, boolean end, FilterContext context) {
        if (context.route() == null) {
            return Step.CONTINUE;
        }
        levels = context.overrides(ExtAuthzOverride.class);
        if (!levels.isEmpty() && levels.getFirst().disabled()) {
            return Step.CONTINUE;
        }
        if (!isEnabled(context)) {
            stats.inc(Count.DISABLED, null);
            return spec.enabling().denyOthers()
                    ? refuse(context, spec.statusOnError(), "", "ext_authz_error", List.of())
                    : Step.CONTINUE;
        }
        body = end || isUpgrade(headers) ? null : bodySettings();
        if (body == null) {
            return ask(context) ? Step.PAUSE : Step.CONTINUE;
        }
        state = State.GATHERING;
        if (body.partial()) {
            context.streamWhilePaused(Direction.REQUEST);
            return Step.PAUSE;
        }
        context.bufferLimit(body.maxBytes());
        return Step.BUFFER;
    }

    private boolean isEnabled(FilterContext context) {
        Enabling enabling = spec.enabling();
        MetadataMatch test = enabling.metadata();
        return enabling.share().test(scope.worker().random())
                && (test == null || test.matches(context.info().dynamicMetadata()));
    }

    private static boolean isUpgrade(Headers headers) {
        int upgrade = headers.indexOf(HeaderName.UPGRADE);
        return upgrade >= 0 && headers.valueEqualsIgnoreCase(upgrade, "websocket")
                || headers.contains(HeaderName.PROTOCOL);
    }

    private @Nullable BodySettings bodySettings() {
        ExtAuthzOverride route = levels.isEmpty() ? null : levels.getFirst();
        if (route == null) {
            return spec.body();
        }
        BodySettings settings = route.body() != null ? route.body() : spec.body();
        return route.withoutBody() ? null : settings;
    }

    @Override
    public Step onRequestData(ByteBuf data, boolean end, FilterContext context) {
        BodySettings settings = body;
        if (state == State.GATHERING && settings != null) {
            keep(data, settings);
            if (!settings.partial() || end || received >= settings.maxBytes()) {
                return ask(context) ? Step.PAUSE : Step.CONTINUE;
            }
            return Step.PAUSE;
        }
        return state == State.ASKED ? Step.PAUSE : Step.CONTINUE;
    }

    private void keep(ByteBuf data, BodySettings settings) {
        ByteArrayOutputStream into = part;
        if (into == null) {
            into = new ByteArrayOutputStream();
            part = into;
        }
        long room = settings.maxBytes() - into.size();
        int length = (int) Math.min(room, data.readableBytes());
        into.writeBytes(ByteBufUtil.getBytes(data, data.readerIndex(), length));
        received += data.readableBytes();
    }

    @Override
    public Step onRequestTrailers(Headers trailers, FilterContext context) {
        if (state == State.GATHERING) {
            return ask(context) ? Step.PAUSE : Step.CONTINUE;
        }
        return state == State.ASKED ? Step.PAUSE : Step.CONTINUE;
    }

    // ---- the question ------------------------------------------------------------------------

    /** Whether the answer has to be waited for; what is known may end the request at once. */
    private boolean ask(FilterContext context) {
        state = State.ASKED;
        ClusterSelection selection = context.cluster();
        cluster = selection == null ? null : scope.clusters().cluster(selection.cluster());
        Map<String, String> extensions = contextExtensions();
        AuthorizationService service = service();
        DecisionCache.Key key = null;
        if (cache != null && part == null) {
            key = cache.key(beside(service, extensions, context), context.requestHeaders());
            Decision known = key == null ? null : cache.get(key);
            if (known != null) {
                return !decided(known, context, false);
            }
        }
        askedNanos = scope.worker().nanoTime();
        if (spec.tellsLog()) {
            openLog(context);
        }
        put(service, extensions, context, key);
        return true;
    }

    private DecisionCache.Beside beside(
            AuthorizationService service, Map<String, String> extensions, FilterContext context) {
        Shown shown = spec.shown();
        TlsInfo tls = context.info().downstream().tls();
        CertificateNames client = tls == null ? null : tls.peerNames();
        return new DecisionCache.Beside(
                service,
                extensions,
                client == null ? null : client.sha256(),
                shown.tlsSession() ? context.info().downstream().requestedServerName() : null,
                shown.metadata().of(context.info()),
                shown.routeMetadata().of(context.route()));
    }

    /** Another filter may have put something else there. */
    private void openLog(FilterContext context) {
        FilterState state = context.info().filterState();
        if (state.get(context.filterName()) == null) {
            log = new AskingLog();
            state.set(context.filterName(), log);
        } else {
            stats.inc(Count.FILTER_STATE_NAME_COLLISION, null);
        }
    }

    private void put(
            AuthorizationService service,
            Map<String, String> extensions,
            FilterContext context,
            DecisionCache.@Nullable Key key) {
        Asking asking = new Asking(context.calls(), scope.worker().allocator());
        FormatContext about = FormatContext.of(context.info(), context.requestHeaders());
        Consumer<Decision> then = decision -> answered(decision, context, key);
        CallSpan span = emitsSpan() ? CallSpan.of(context.trace()) : null;
        switch (service) {
            case AuthorizationService.OverGrpc grpc ->
                    call =
                            asking.ask(
                                    grpc,
                                    question(extensions, context),
                                    about,
                                    CallOptions.DEFAULT.span(span).wanting(criteria(context)),
                                    then);
            case AuthorizationService.OverHttp http ->
                    asking.ask(http, http(context), about, span, then);
        }
    }

    /** As in Envoy the route's, of the service's hosts too; over HTTP alone there are none. */
    private static MetadataValue.@Nullable Struct criteria(FilterContext context) {
        Route route = context.route();
        ClusterSelection chosen = context.cluster();
        return chosen != null
                        && route != null
                        && route.action() instanceof RouteAction.Forward forward
                ? chosen.metadataMatch(forward)
                : null;
    }

    private boolean emitsSpan() {
        Boolean ofRoute = levels.isEmpty() ? null : levels.getFirst().emitsSpan();
        return ofRoute != null ? ofRoute : spec.emitsSpan();
    }

    private AuthorizationService service() {
        AuthorizationService ofRoute = levels.isEmpty() ? null : levels.getFirst().service();
        return ofRoute != null ? ofRoute : spec.service();
    }

    private Map<String, String> contextExtensions() {
        if (levels.isEmpty()) {
            return Map.of();
        }
        if (levels.size() == 1) {
            return levels.getFirst().contextExtensions();
        }
        Map<String, String> all = new HashMap<>();
        for (ExtAuthzOverride level : levels.reversed()) {
            all.putAll(level.contextExtensions());
        }
        return all;
    }

    private Question question(Map<String, String> extensions, FilterContext context) {
        Shown shown = spec.shown();
        return new Question(
                context.info().downstream(),
                shown.certificate(),
                shown.tlsSession(),
                context.requestHeaders().getOr(HeaderName.X_ENVOY_DOWNSTREAM_SERVICE_CLUSTER, ""),
                "",
                shown.labels(),
                http(context),
                extensions,
                shown.metadata().of(context.info()),
                shown.routeMetadata().of(context.route()));
    }

    private Question.Http http(FilterContext context) {
        byte[] told = part == null ? null : part.toByteArray();
        Headers all = context.requestHeaders();
        return new Question.Http(
                context.info(),
                all,
                ShownHeaders.of(all, spec.shown()),
                spec.shown().rawHeaders(),
                told,
                body != null && body.asBytes(),
                told != null && received > told.length);
    }

    // ---- the answer --------------------------------------------------------------------------

    private void answered(
            Decision decision, FilterContext context, DecisionCache.@Nullable Key key) {
        if (cache != null && key != null) {
            cache.put(key, decision);
        }
        if (log != null) {
            log.answered((scope.worker().nanoTime() - askedNanos) / 1000, call);
        }
        if (decided(decision, context, true)) {
            context.resume(Direction.REQUEST);
        }
    }

    /** Whether the request goes on. */
    private boolean decided(Decision decision, FilterContext context, boolean asked) {
        state = State.ANSWERED;
        part = null;
        if (decision.unknownAction() && spec.applying().validate()) {
            return reject(context);
        }
        tell(decision, context, asked);
        if (spec.applying().shadow()) {
            keepShadow(decision, context);
        }
        return switch (decision.outcome()) {
            case OK -> letThrough(decision, context);
            case DENIED -> deny(decision, context);
            case ERROR -> failed(decision, context);
        };
    }

    private void keepShadow(Decision decision, FilterContext context) {
        int status =
                switch (decision.outcome()) {
                    case OK -> 200;
                    case DENIED -> decision.httpStatus();
                    case ERROR ->
                            decision.httpStatus() > 0
                                    ? decision.httpStatus()
                                    : spec.statusOnError();
                };
        context.info()
                .filterState()
                .set(
                        context.filterName() + ".shadow",
                        new ShadowDecision(
                                decision.outcome(),
                                status,
                                decision.outcome() == Decision.Outcome.DENIED
                                        ? decision.reply()
                                        : List.of()));
    }

    private void tell(Decision decision, FilterContext context, boolean asked) {
        if (decision.metadata().fields().isEmpty()) {
            return;
        }
        if (!spec.applying().metadata()) {
            stats.inc(Count.IGNORED_DYNAMIC_METADATA, null);
            return;
        }
        Map<String, MetadataValue> fields = new HashMap<>(decision.metadata().fields());
        if (asked && decision.outcome() == Decision.Outcome.OK) {
            long millis = (scope.worker().nanoTime() - askedNanos) / 1_000_000;
            fields.put("ext_authz_duration", new MetadataValue.Number(millis));
        }
        context.info().dynamicMetadata().merge(METADATA, new MetadataValue.Struct(fields));
    }

    private boolean letThrough(Decision decision, FilterContext context) {
        if (RequestChanges.meansAnotherRoute(decision, spec.applying())) {
            context.clearRoute();
        }
        Headers request = context.requestHeaders();
        if (!RequestChanges.apply(decision, spec.applying(), request)) {
            return reject(context);
        }
        responseEdits = decision.response();
        stats.inc(Count.OK, cluster);
        String problem = RequestChanges.unsendable(decision.request(), request);
        if (problem != null) {
            UnsendableRequest.refuse(problem, context);
        }
        return problem == null;
    }

    private boolean deny(Decision decision, FilterContext context) {
        stats.inc(Count.DENIED, cluster);
        if (cluster != null && spec.applying().chargeCluster()) {
            RequestChanges.charge(cluster, decision.httpStatus());
        }
        if (spec.applying().shadow()) {
            stats.inc(Count.SHADOW_DENIED, null);
            return true;
        }
        if (spec.applying().validate() && !RequestChanges.allValid(decision.reply())) {
            return reject(context);
        }
        String text = decision.body();
        long max = spec.applying().maxDeniedBody();
        if (max > 0 && text.length() > max) {
            text = text.substring(0, (int) max);
        }
        refuse(context, decision.httpStatus(), text, "ext_authz_denied", decision.reply());
        return false;
    }

    private boolean failed(Decision decision, FilterContext context) {
        stats.inc(Count.ERROR, cluster);
        if (spec.applying().shadow()) {
            stats.inc(Count.SHADOW_ERROR, null);
            return true;
        }
        if (spec.failure().allow()) {
            stats.inc(Count.FAILURE_MODE_ALLOWED, cluster);
            if (spec.failure().addHeader()) {
                context.requestHeaders().add(FAILURE_MODE_ALLOWED, "true");
            }
            return true;
        }
        int status = decision.httpStatus() > 0 ? decision.httpStatus() : spec.statusOnError();
        refuse(context, status, decision.body(), "ext_authz_error", decision.reply());
        return false;
    }

    private boolean reject(FilterContext context) {
        stats.inc(Count.INVALID, cluster);
        refuse(context, 500, "", INVALID, List.of());
        return false;
    }

    private static Step refuse(
            FilterContext context,
            int status,
            String text,
            String details,
            List<HeaderEdit> headers) {
        context.info().flag(ResponseFlag.UAEX);
        List<LocalReply.Field> fields = new ArrayList<>(headers.size());
        for (HeaderEdit edit : headers) {
            HeaderName name = HeaderName.of(edit.name());
            // A length stays in its place, and is made to fit the text.
            if (name != HeaderName.STATUS) {
                fields.add(new LocalReply.Field(name, edit.value()));
            }
        }
        return context.respond(new LocalReply(status, text, details, fields, -1));
    }

    @Override
    public Step onResponseHeaders(Headers headers, boolean end, FilterContext context) {
        for (int i = 0; i < responseEdits.size(); i++) {
            responseEdits.get(i).apply(headers);
        }
        if (spec.applying().limitsResponse()
                && !responseEdits.isEmpty()
                && isTooLarge(headers, context)) {
            stats.inc(Count.RESPONSE_HEADER_LIMITS_REACHED, null);
            return refuse(context, 500, "", INVALID, List.of());
        }
        return Step.CONTINUE;
    }

    /** More than the host could have sent; what the proxy says itself has no such limit. */
    private boolean isTooLarge(Headers headers, FilterContext context) {
        UpstreamInfo upstream = context.info().upstream();
        ClusterSelection selection = context.cluster();
        Cluster from = selection == null ? null : scope.clusters().cluster(selection.cluster());
        if (from == null || upstream == null || upstream.firstRxNanos < 0) {
            return false;
        }
        Http2Options limits = from.spec().http().http2();
        return headers.size() > limits.maxHeadersCount()
                || headers.byteSize() > limits.maxHeadersKb() << 10;
    }

    @Override
    public void onStreamEnd(StreamEnd why, FilterContext context) {
        part = null;
    }
}
