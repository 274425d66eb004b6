package dev.attache.server.admin;

import dev.attache.proxy.accesslog.AccessLogScope;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.explain.Explaining;
import dev.attache.proxy.explain.Explanation;
import dev.attache.proxy.explain.Question;
import dev.attache.proxy.stats.HistogramBuckets;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.extension.ExtensionReload;
import dev.attache.server.flags.ServerOptions;
import dev.attache.server.lifecycle.Lifecycle;
import dev.attache.server.lifecycle.ServerStats;
import dev.attache.server.plane.ConfigPlane;
import dev.attache.server.review.dryrun.DryRuns;
import dev.attache.server.source.NettyMainLoop;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The running proxy, as its administration interface sees it. Any thread, but for the plane. */
public interface AdminSubject {

    ServerOptions options();

    Bootstrap bootstrap();

    /** The node as control planes see it. */
    Node node();

    StatsStore stats();

    /** {@code histogram_bucket_settings}. */
    HistogramBuckets histogramBuckets();

    /** Brings the {@code server.*} gauges up to date between flushes. */
    ServerStats serverStats();

    /** {@code stats_flush_on_admin}: statistics are asked for, which ends an interval. */
    void flushStatsOnAdmin();

    Lifecycle lifecycle();

    /** The config plane; main loop only. */
    ConfigPlane plane();

    /** Users' jars; main loop only. */
    ExtensionReload extensions();

    /** The loop on which {@link #plane()} lives. */
    NettyMainLoop mainLoop();

    /** The addresses that listeners are bound to, by listener; ports are the real ones. */
    Map<String, List<Address>> listenerAddresses();

    /**
     * {@code POST /drain_listeners}: asks clients to leave, and stops listening: at once, after the
     * drain time where graceful, or not at all.
     */
    void drainListeners(boolean inboundOnly, boolean graceful, boolean skipExit);

    /** What those access logs of the admin interface find that need a worker. */
    AccessLogScope logScope();

    /** {@code POST /reopen_logs}. */
    void reopenLogs();

    /** {@code POST /quitquitquit}: begins to end; returns at once. */
    void shutdown(int code);

    /** {@code /explain}: what would become of a request, see {@code Engine.explain}. */
    CompletableFuture<Explanation> explain(Question question);

    /** {@code /config_dry_run}; main loop only. */
    DryRuns dryRuns();

    /** The decisions that are kept, and whether any are. */
    Explaining explaining();
}
