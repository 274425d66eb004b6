package dev.attache.config.cluster;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.Diagnostics;
import dev.attache.config.cluster.balancing.BalancingCompiler;
import dev.attache.config.cluster.balancing.PolicyChoice;
import dev.attache.config.cluster.discovery.DiscoveryCompiler;
import dev.attache.config.cluster.discovery.DynamicCompiler;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.endpoint.LoadAssignmentCompiler;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.CompileSettings;
import dev.attache.config.matching.StatsMatchers;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.lb.ClusterProvidedSpec;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.BindConfig;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code Cluster} to {@link ClusterSpec}. */
public final class ClusterCompiler {
    private static final PolicyChoice UNUSABLE = new PolicyChoice(new ClusterProvidedSpec());

    private ClusterCompiler() {}

    /**
     * A resource of CDS on its own.
     *
     * @param inheritedBind {@code cluster_manager.upstream_bind_config}, or the default instance
     */
    public static Compiled<CompiledCluster> compileResource(
            Cluster cluster, BindConfig inheritedBind, CompileSettings settings) {
        return compileResource(
                cluster, settings.checker().check(cluster, ""), inheritedBind, settings);
    }

    /**
     * As {@link #compileResource}.
     *
     * @param found by a walk over the resource
     */
    public static Compiled<CompiledCluster> compileResource(
            Cluster cluster, Findings found, BindConfig inheritedBind, CompileSettings settings) {
        Diagnostics diagnostics = new Diagnostics("cluster '" + cluster.getName() + "'");
        CompileContext context = CompileContext.root(settings, diagnostics);
        if (!context.check(found)) {
            return diagnostics.result(null);
        }
        return diagnostics.result(compile(cluster, inheritedBind, true, context));
    }

    /** A cluster that stands at the context's path and has been checked. */
    public static @Nullable CompiledCluster compile(
            Cluster cluster, BindConfig inheritedBind, boolean viaApi, CompileContext context) {
        int before = context.diagnostics().errorCount();
        context.attachments().ownedBy(cluster.getName());
        DiscoverySpec discovery = DiscoveryCompiler.compile(cluster, context);
        PolicyChoice policy = BalancingCompiler.policy(cluster, context);
        ProtocolCompiler.Typed typed = ProtocolCompiler.typed(cluster, context);
        UpstreamHttpSpec http =
                typed.http() != null
                        ? typed.http()
                        : ProtocolCompiler.legacy(DynamicCompiler.withNames(cluster), context);
        DynamicCompiler.check(cluster, http, context);
        TransportSelection transports = transports(cluster, http, context);
        if (discovery != null && policy != null) {
            checkTogether(cluster, discovery, policy, context);
        }
        // What does not depend on these is looked at without them; the errors reject the cluster.
        DiscoverySpec hosts = discovery == null ? new DiscoverySpec.Eds("") : discovery;
        PolicyChoice balancing = policy == null ? UNUSABLE : policy;
        ClusterSpec.Builder spec = ClusterSpec.named(cluster.getName());
        spec.discovery(hosts)
                .endpoints(endpoints(cluster, hosts, context))
                .loadBalancer(balancing.balancer())
                .balancing(balancing.adjust().apply(BalancingCompiler.settings(cluster, context)))
                .circuitBreakers(
                        CircuitBreakerCompiler.compile(
                                cluster.getCircuitBreakers(), context.at("circuit_breakers")))
                .outlier(OutlierCompiler.compile(cluster, context.at("outlier_detection")))
                .healthChecks(
                        HealthCheckCompiler.compile(cluster, hosts, http, transports, context))
                .transports(transports)
                .http(http)
                .sockets(BindCompiler.compile(cluster, inheritedBind, context))
                .preconnect(PreconnectCompiler.compile(cluster, context))
                .metadata(MetadataValues.compile(cluster.getMetadata()))
                .filters(ConnectionFilterCompiler.compile(cluster.getFiltersList(), context))
                .wantedStats(wantedStats(cluster, context))
                .addedViaApi(viaApi);
        scalars(cluster, typed, spec, context);
        QueuePolicyChecker.check(cluster, context);
        return context.diagnostics().errorCount() > before
                ? null
                : new CompiledCluster(
                        spec.build(),
                        context.attachments().dependencies(),
                        context.attachments().discoveries(),
                        context.attachments().usedSince(0));
    }

    private static @Nullable Predicate<String> wantedStats(
            Cluster cluster, CompileContext context) {
        StatsMatcher matcher =
                Overlay.of(cluster).message("stats_matcher", StatsMatcher.getDefaultInstance());
        return matcher == null ? null : StatsMatchers.compile(matcher, context.at("stats_matcher"));
    }

    private static void scalars(
            Cluster cluster,
            ProtocolCompiler.Typed typed,
            ClusterSpec.Builder spec,
            CompileContext context) {
        if (!cluster.getAltStatName().isEmpty()) {
            spec.altStatName(cluster.getAltStatName());
        }
        if (cluster.hasConnectTimeout()) {
            spec.connectTimeoutMillis(
                    Durations.millis(cluster.getConnectTimeout(), context.at("connect_timeout")));
        }
        if (cluster.hasPerConnectionBufferLimitBytes()) {
            int limit = cluster.getPerConnectionBufferLimitBytes().getValue();
            spec.bufferLimitBytes(limit < 0 ? Integer.MAX_VALUE : limit);
        }
        spec.bufferWatermarkTimeoutMillis(
                Durations.newer("per_connection_buffer_high_watermark_timeout", cluster, context));
        if (typed.tcp() != null) {
            spec.tcpIdleTimeoutMillis(typed.tcp().idleTimeoutMillis());
        }
        if (cluster.hasCleanupInterval()) {
            spec.cleanupIntervalMillis(
                    Durations.millis(cluster.getCleanupInterval(), context.at("cleanup_interval")));
        }
        spec.ignoreHealthOnHostRemoval(cluster.getIgnoreHealthOnHostRemoval())
                .closeConnectionsOnHostHealthFailure(
                        cluster.getCloseConnectionsOnHostHealthFailure())
                .connectionPoolPerDownstream(cluster.getConnectionPoolPerDownstreamConnection())
                .endpointStats(cluster.getTrackClusterStats().getPerEndpointStats())
                .waitForWarmOnInit(
                        !cluster.hasWaitForWarmOnInit()
                                || cluster.getWaitForWarmOnInit().getValue());
    }

    private static LoadAssignment endpoints(
            Cluster cluster, DiscoverySpec discovery, CompileContext context) {
        if (discovery instanceof DiscoverySpec.Eds
                || discovery instanceof DiscoverySpec.OriginalDst
                || discovery instanceof DiscoverySpec.Aggregate
                || discovery instanceof DiscoverySpec.Dynamic) {
            return LoadAssignment.empty(cluster.getName());
        }
        return LoadAssignmentCompiler.compile(
                cluster.getLoadAssignment(),
                DiscoveryCompiler.names(discovery),
                context.at("load_assignment"));
    }

    private static void checkTogether(
            Cluster cluster, DiscoverySpec discovery, PolicyChoice policy, CompileContext context) {
        boolean always =
                discovery instanceof DiscoverySpec.Aggregate
                        || discovery instanceof DiscoverySpec.Dynamic;
        boolean provides = always || discovery instanceof DiscoverySpec.OriginalDst;
        if (policy.balancer() instanceof ClusterProvidedSpec && !provides) {
            context.at("lb_policy")
                    .error(
                            "cluster manager: cluster provided LB specified but cluster '%s' did not provide one. Check cluster documentation."
                                    .formatted(cluster.getName()));
        } else if (provides
                && (always || cluster.getLbPolicy() == Cluster.LbPolicy.CLUSTER_PROVIDED)
                && !(policy.balancer() instanceof ClusterProvidedSpec)) {
            context.at(cluster.hasLoadBalancingPolicy() ? "load_balancing_policy" : "lb_policy")
                    .error(
                            "cluster manager: cluster provided LB not specified but cluster '%s' provided one. Check cluster documentation."
                                    .formatted(cluster.getName()));
        }
    }

    private static TransportSelection transports(
            Cluster cluster, UpstreamHttpSpec http, CompileContext context) {
        int before = context.diagnostics().errorCount();
        TransportSelection transports = TransportCompiler.compile(cluster, context);
        boolean known = context.diagnostics().errorCount() == before;
        boolean alpn = http.protocol() == UpstreamHttpSpec.ProtocolChoice.ALPN;
        if (alpn && known && !transports.fallback().secure()) {
            context.error(
                    "ALPN configured for cluster %s which has a non-ALPN transport socket"
                            .formatted(cluster.getName()));
        } else if (alpn
                && known
                && !transports.matches().stream().allMatch(m -> m.transport().secure())) {
            context.at("transport_socket_matches")
                    .error(
                            "ALPN configured for cluster %s which has a non-ALPN transport socket matcher"
                                    .formatted(cluster.getName()));
        }
        return transports;
    }
}
