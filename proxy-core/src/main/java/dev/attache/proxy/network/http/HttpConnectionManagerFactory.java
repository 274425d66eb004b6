package dev.attache.proxy.network.http;

import dev.attache.proxy.accesslog.AccessLog;
import dev.attache.proxy.accesslog.AccessLogs;
import dev.attache.proxy.connection.Connection;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.http.CodecCells;
import dev.attache.proxy.network.FilterFaults;
import dev.attache.proxy.network.NetworkFilter;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.NetworkFilterFactory;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.Routes;
import dev.attache.proxy.network.http.HttpConnectionManagerSpec.UpgradeType;
import dev.attache.proxy.network.http.stats.HttpManagerStats;
import dev.attache.proxy.overload.WorkerOverload;
import dev.attache.proxy.pipeline.FilterOpenException;
import dev.attache.proxy.pipeline.HttpFilterScope;
import dev.attache.proxy.pipeline.OpenedFilters;
import dev.attache.proxy.route.RouteTable;
import dev.attache.proxy.stats.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connection manager of one chain on one worker: what all its connections share. Loop-confined.
 */
final class HttpConnectionManagerFactory implements NetworkFilterFactory {

    private final HttpConnectionManagerSpec spec;
    private final NetworkFilterContext context;
    private final WorkerOverload overload;
    private final Scope scope;
    private final Scope ofListener;
    private @Nullable HttpManagerStats stats;
    private final CodecCells codecStats;
    private final RequestPreparation preparation;
    private final DateHeader date = new DateHeader();
    private final DecoratorHeader decorator;
    private final @Nullable RequestTracing tracing;
    private final FilterFaults filterFaults;
    private final List<AccessLog> accessLogs;
    private final OpenedFilters filters;
    private final Map<String, OpenedFilters> upgradeFilters = new HashMap<>();

    HttpConnectionManagerFactory(HttpConnectionManagerSpec spec, NetworkFilterContext context) {
        this.spec = spec;
        this.context = context;
        this.overload = context.overload();
        this.scope = context.ownScope("http." + spec.statPrefix() + ".");
        this.ofListener = context.listenerScope().scope("http." + spec.statPrefix() + ".");
        HttpManagerStats.declare(scope, ofListener);
        this.codecStats = new CodecCells(context.stats().scope(""), context.worker().index());
        this.preparation =
                new RequestPreparation(
                        spec, context.worker(), context.nodeCluster(), context.nodeId());
        HttpFilterScope filterScope =
                new HttpFilterScope(
                        context.worker(),
                        overload,
                        scope,
                        context.clusters(),
                        context.calls(),
                        context.nodeCluster(),
                        context.nodeZone());
        this.decorator = DecoratorHeader.of(context.direction());
        this.filterFaults =
                new FilterFaults(scope, "downstream_rq_filter_exception", context.worker().index());
        this.accessLogs = AccessLogs.open(spec.accessLogs(), context);
        this.filters = new OpenedFilters(spec.filters(), filterScope);
        try {
            this.tracing = openTracing(context);
            openUpgrades(filterScope);
        } catch (FilterOpenException e) {
            close();
            throw e;
        }
    }

    private @Nullable RequestTracing openTracing(NetworkFilterContext around) {
        TracingSpec wanted = spec.tracing();
        return wanted == null ? null : new RequestTracing(wanted, spec.requestIds(), around, scope);
    }

    private void openUpgrades(HttpFilterScope scope) {
        for (Map.Entry<String, UpgradeType> upgrade : spec.upgrades().entrySet()) {
            if (upgrade.getValue().filters() != null) {
                upgradeFilters.put(
                        upgrade.getKey().toLowerCase(Locale.ROOT),
                        new OpenedFilters(upgrade.getValue().filters(), scope));
            }
        }
    }

    @Override
    public NetworkFilter newFilter(Connection connection) {
        return new HttpConnectionManager(this, connection);
    }

    @Override
    public void explain(ConnectionInfo connection, Question question, Explanation into) {
        HttpExplanation.explain(this, connection, question, into);
    }

    @Override
    public void close() {
        filters.close();
        if (tracing != null) {
            tracing.close();
        }
        upgradeFilters.values().forEach(OpenedFilters::close);
    }

    HttpConnectionManagerSpec spec() {
        return spec;
    }

    NetworkFilterContext context() {
        return context;
    }

    WorkerOverload overload() {
        return overload;
    }

    /** Made with the first connection: most of a thousand listeners may never have one. */
    HttpManagerStats stats() {
        HttpManagerStats counting = stats;
        if (counting == null) {
            counting = new HttpManagerStats(scope, ofListener, context.worker().index());
            stats = counting;
        }
        return counting;
    }

    CodecCells codecStats() {
        return codecStats;
    }

    RequestPreparation preparation() {
        return preparation;
    }

    FilterFaults filterFaults() {
        return filterFaults;
    }

    List<AccessLog> accessLogs() {
        return accessLogs;
    }

    DateHeader date() {
        return date;
    }

    /** Null where nothing is traced. */
    @Nullable RequestTracing tracing() {
        return tracing;
    }

    DecoratorHeader decorator() {
        return decorator;
    }

    /** The filters for a request, or for an upgrade of that lower-case type. */
    OpenedFilters filters(@Nullable String upgradeType) {
        OpenedFilters special = upgradeType == null ? null : upgradeFilters.get(upgradeType);
        return special != null ? special : filters;
    }

    /** The route table as of now; a stream pins what it gets. Null while RDS has not answered. */
    @Nullable RouteTable routeTable() {
        return spec.routes() instanceof Routes.Discovered discovered
                ? context.routeTable(discovered.name())
                : ((Routes.Inline) spec.routes()).table();
    }
}
