package dev.attache.proxy.network.http;

import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Headers;
import dev.attache.proxy.http.MessagePart;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.network.http.request.Upgrades;
import dev.attache.proxy.pipeline.ExplainedStream;
import dev.attache.proxy.pipeline.LocalReply;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.route.ClusterSelection;
import dev.attache.proxy.route.FilterOverride;
import dev.attache.proxy.route.Route;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the connection manager would make of a request that nobody sends: the steps of {@link
 * ActiveStream}, asked of the same admission, preparation, routes and filters, which answer without
 * counting. Lives as long as one question; loop-confined.
 */
final class HttpExplanation implements OpenedFilters.ExplainedOwner {

    private final HttpConnectionManagerFactory chain;
    private final Headers request;
    private final StreamInfo info;
    private final StreamRoute route;
    private final Explanation into;
    private @Nullable RouteTable routes;
    private boolean answered;

    private HttpExplanation(
            HttpConnectionManagerFactory chain,
            Headers request,
            StreamInfo info,
            Explanation into) {
        this.chain = chain;
        this.request = request;
        this.info = info;
        this.route = new StreamRoute(chain, info);
        this.into = into;
    }

    static void explain(
            HttpConnectionManagerFactory chain,
            ConnectionInfo connection,
            Question question,
            Explanation into) {
        into.say("stat_prefix", chain.spec().statPrefix());
        if (question.method() == null) {
            into.say("would", "read requests; none is asked about");
            return;
        }
        into.say("would", "handle the request");
        StreamInfo info =
                new StreamInfo(connection, connection.startTimeMillis(), connection.startNanos());
        Long drawn = question.random();
        info.random = drawn == null ? chain.context().worker().random() : drawn;
        Protocol negotiated = chain.spec().codecType().negotiated(connection.tls());
        Protocol first = question.http2() ? Protocol.HTTP2 : Protocol.HTTP11;
        info.protocol(negotiated == null ? first : negotiated);
        info.schemeMatchesUpstream = chain.spec().schemeMatchUpstream();
        new HttpExplanation(chain, head(question), info, into).run();
    }

    private static Headers head(Question question) {
        Headers head = new Headers(MessagePart.REQUEST);
        add(head, HeaderName.METHOD, question.method());
        add(head, HeaderName.PATH, question.path());
        add(head, HeaderName.AUTHORITY, question.authority());
        add(head, HeaderName.SCHEME, question.scheme());
        for (Question.Field field : question.fields()) {
            head.add(HeaderName.of(field.name()), field.value());
        }
        return head;
    }

    private static void add(Headers head, HeaderName name, @Nullable String value) {
        if (value != null) {
            head.add(name, value);
        }
    }

    private void run() {
        info.grpcRequest = LocalReplies.isGrpc(request);
        routes = route.pin();
        LocalReply refusal = RequestAdmission.refusal(chain, null, info, request);
        if (refusal != null) {
            outcome("refused before routing", refusal.status(), refusal.details());
            return;
        }
        chain.preparation().editEarly(request, info);
        String upgradeType = Upgrades.type(request);
        boolean upgrade = upgradeType != null && !Upgrades.isConnect(request);
        int rejected = chain.preparation().prepare(request, info, routes, upgrade);
        if (rejected != 0) {
            outcome("refused before routing", rejected, "rejecting_because_detection_failed");
            return;
        }
        info.streamId = request.getOr(HeaderName.X_REQUEST_ID, "");
        prepared();
        routed();
        boolean allowed = upgradeType != null && route.allowsUpgrade(upgradeType, request);
        if (upgradeType != null) {
            into.say("upgrade", upgradeType + (allowed ? " allowed" : " not allowed"));
        }
        if (upgradeType != null && !allowed && route.get(request) != null) {
            outcome("refused", 403, "upgrade_failed");
            return;
        }
        chain.filters(allowed ? upgradeType : null).explain(this, into);
        if (!answered) {
            outcome("answered by nobody", 404, "filter_chain_not_found");
        }
    }

    /** The head as routes and filters see it. */
    private void prepared() {
        Explanation head = into.part("request");
        head.say("client", info.downstreamRemoteAddress().toString())
                .say("internal", info.internalRequest);
        for (int i = 0; i < request.size(); i++) {
            head.item("headers").say("name", request.name(i)).say("value", request.value(i));
        }
    }

    private void routed() {
        RouteTable table = routes;
        if (table == null) {
            into.say("route_config", "not there yet: RDS has not answered");
        } else {
            table.explain(request, info, into);
        }
        Route found = route.get(request);
        Explanation said = into.part("route");
        said.say("found", found != null);
        if (found == null) {
            return;
        }
        ClusterSelection selection = route.cluster(request);
        if (selection != null) {
            into.part("cluster").say("name", selection.cluster());
        }
        said.say("name", found.spec().name())
                .say("virtual_host", found.virtualHost().spec().name())
                .say(
                        "overrides",
                        found.spec().perFilterConfig().keySet().stream().sorted().toList());
    }

    private void outcome(String what, int status, String details) {
        into.part("outcome").say("what", what).say("status", status).say("details", details);
    }

    @Override
    public @Nullable FilterOverride override(String filterName) {
        return route.override(filterName, request);
    }

    @Override
    public boolean answered() {
        return answered;
    }

    @Override
    public ExplainedStream seenBy(String filterName) {
        return new Seen(filterName);
    }

    private final class Seen implements ExplainedStream {
        private final String filter;

        private Seen(String filter) {
            this.filter = filter;
        }

        @Override
        public Headers headers() {
            return request;
        }

        @Override
        public StreamInfo info() {
            return info;
        }

        @Override
        public @Nullable Route route() {
            return route.get(request);
        }

        @Override
        public @Nullable ClusterSelection cluster() {
            return route.cluster(request);
        }

        @Override
        public void clearRoute() {
            route.clear();
        }

        @Override
        public <T> @Nullable T override(Class<T> type) {
            return FilterOverride.first(HttpExplanation.this.override(filter), type);
        }

        @Override
        public <T> List<T> overrides(Class<T> type) {
            return FilterOverride.all(HttpExplanation.this.override(filter), type);
        }

        @Override
        public void answers(int status, String details) {
            answered = true;
            outcome("answered by filter " + filter, status, details);
        }

        @Override
        public void asks(Explanation said, String whom) {
            said.asks(whom);
            into.item("assumed").say("filter", filter).say("asks", whom);
        }

        @Override
        public Explanation whole() {
            return into;
        }

        @Override
        public void forwards(String cluster) {
            answered = true;
            into.part("outcome").say("what", "forwarded").say("cluster", cluster);
        }
    }
}
