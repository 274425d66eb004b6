package dev.attache.server.plane;

import dev.attache.config.bootstrap.ProcessSubscription;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.server.plane.version.Publisher;
import dev.attache.server.plane.version.Warmup;
import dev.attache.server.source.ScopedControlPlaneStats;
import dev.attache.server.source.ScopedSubscriptionStats;
import dev.attache.xds.ResourceType;
import dev.attache.xds.client.ConfigSourceException;
import dev.attache.xds.client.XdsClient;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order in which a config plane comes up: static clusters, then EDS, then CDS, then LDS and
 * what listeners need, then the workers. Main loop only.
 */
final class PlaneStart {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final Bootstrap bootstrap;
    private final List<ProcessSubscription> subscriptions;
    private final ConfigPlane.Progress progress;
    private final StatsStore stats;
    private final XdsClient xds;
    private final Publisher publisher;
    private final SecretStore secrets;
    private final ClusterStore clusters;
    private final ListenerStore listeners;
    private final Map<String, Warmup> stages = new LinkedHashMap<>();

    PlaneStart(
            Bootstrap bootstrap,
            List<ProcessSubscription> subscriptions,
            ConfigPlane.Progress progress,
            StatsStore stats,
            XdsClient xds,
            Publisher publisher,
            SecretStore secrets,
            ClusterStore clusters,
            ListenerStore listeners) {
        this.bootstrap = bootstrap;
        this.subscriptions = subscriptions;
        this.progress = progress;
        this.stats = stats;
        this.xds = xds;
        this.publisher = publisher;
        this.secrets = secrets;
        this.clusters = clusters;
        this.listeners = listeners;
    }

    void begin() {
        try {
            if (bootstrap.getDynamicResources().hasAdsConfig()) {
                xds.configureAds(
                        bootstrap.getDynamicResources().getAdsConfig(),
                        new ScopedControlPlaneStats(stats.scope("")));
            }
        } catch (ConfigSourceException e) {
            progress.onFailed(String.valueOf(e.getMessage()));
            return;
        }
        secrets.start();
        Warmup primary = stage("Primary clusters", this::startSecondary);
        clusters.expectPrimary(primary);
        primary.start();
    }

    private void startSecondary() {
        xds.startAds();
        subscriptions.forEach(
                each -> subscribe(() -> ProcessResources.subscribe(each, xds, stats)));
        Warmup secondary = stage("Secondary clusters", this::startCds);
        clusters.startSecondary(secondary);
        secondary.start();
    }

    private void startCds() {
        publisher.request();
        if (!bootstrap.getDynamicResources().hasCdsConfig()) {
            LOG.info("cm init: all clusters initialized");
            startListeners();
            return;
        }
        LOG.info("cm init: initializing cds");
        clusters.whenFirstUpdateSettled(this::startListeners);
        subscribe(() ->
                xds.subscribe(
                        bootstrap.getDynamicResources().getCdsConfig(),
                        ResourceType.CLUSTER,
                        Set.of(),
                        clusters,
                        new ScopedSubscriptionStats(stats.scope("cluster_manager.cds."))));
    }

    private void startListeners() {
        LOG.info("all clusters initialized. initializing init manager");
        progress.onClustersReady();
        Warmup all = stage("Server", this::startWorkers);
        listeners.startDependencies(all);
        if (bootstrap.getDynamicResources().hasLdsConfig()) {
            Warmup.Target lds = all.expect("LDS");
            listeners.whenFirstUpdateSettled(lds::ready);
            subscribe(() ->
                    xds.subscribe(
                            bootstrap.getDynamicResources().getLdsConfig(),
                            ResourceType.LISTENER,
                            Set.of(),
                            listeners,
                            new ScopedSubscriptionStats(stats.scope("listener_manager.lds."))));
        }
        all.start();
    }

    private void startWorkers() {
        LOG.info("all dependencies initialized. starting workers");
        listeners.workersStarted();
        publisher.afterPublishing(this::workersStarted);
        publisher.publishInTurns();
    }

    private void workersStarted() {
        List<String> failed = listeners.failedStatics();
        if (failed.isEmpty()) {
            progress.onLive();
        } else {
            progress.onFailed(String.join("\n", failed));
        }
    }

    private void subscribe(Runnable subscription) {
        try {
            subscription.run();
        } catch (ConfigSourceException e) {
            progress.onFailed(String.valueOf(e.getMessage()));
        }
    }

    private Warmup stage(String name, Runnable then) {
        Warmup warmup = new Warmup(name, then);
        stages.put(name, warmup);
        return warmup;
    }

    /** What stages wait for that are not over, by stage. */
    Map<String, List<String>> unready() {
        Map<String, List<String>> unready = new LinkedHashMap<>();
        stages.forEach((name, warmup) -> {
            if (!warmup.isDone()) {
                unready.put(name, warmup.pending());
            }
        });
        return unready;
    }
}
