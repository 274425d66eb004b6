package dev.attache.filters.network.tcp_proxy;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.accesslog.AccessLogCompiler;
import dev.attache.config.core.Durations;
import dev.attache.config.core.MetadataValues;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.network.tcp.TcpProxySpec;
import dev.attache.proxy.network.tcp.TcpProxySpec.WeightedCluster;
import dev.attache.proxy.worker.JitteredTime;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import io.envoyproxy.envoy.type.v3.HashPolicy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** TCP proxy. */
public final class TcpProxyFactory implements ExtensionCompiler<TcpProxy, TcpProxySpec> {
    /** Envoy's longest interval, where none is given, in base intervals. */
    private static final int DEFAULT_BACKOFF_FACTOR = 10;

    @Override
    public TcpProxy prototype() {
        return TcpProxy.getDefaultInstance();
    }

    @Override
    public Compiled<TcpProxySpec> compile(TcpProxy proto, CompileContext context) {
        return context.result(
                new TcpProxySpec(
                        proto.getStatPrefix(),
                        clusters(proto, context),
                        MetadataValues.compile(proto.getMetadataMatch()),
                        Durations.millis(
                                proto.hasIdleTimeout(),
                                proto.getIdleTimeout(),
                                TcpProxySpec.DEFAULT_IDLE_TIMEOUT_MILLIS,
                                context.at("idle_timeout")),
                        proto.hasMaxConnectAttempts()
                                ? proto.getMaxConnectAttempts().getValue()
                                : 1,
                        new JitteredTime(
                                Durations.millis(
                                        proto.getMaxDownstreamConnectionDuration(),
                                        context.at("max_downstream_connection_duration")),
                                proto.getMaxDownstreamConnectionDurationJitterPercentage()
                                        .getValue()),
                        hashPolicies(proto),
                        AccessLogCompiler.compile(proto.getAccessLogList(), "access_log", context),
                        flushInterval(proto, context),
                        Overlay.of(proto.getAccessLogOptions()).flag("flush_access_log_on_start"),
                        flushOnConnected(proto),
                        Overlay.of(proto).flag("check_drain_close"),
                        proto.hasTunnelingConfig()
                                ? TunnelingFactory.compile(
                                        proto.getTunnelingConfig(), context.at("tunneling_config"))
                                : null,
                        backoff(proto, context.at("backoff_options")),
                        ClientTlvsFactory.compile(proto, context)));
    }

    private static TcpProxySpec.@Nullable Backoff backoff(TcpProxy proto, CompileContext context) {
        if (!proto.hasBackoffOptions()) {
            return null;
        }
        var options = proto.getBackoffOptions();
        long base = Durations.millis(options.getBaseInterval(), context.at("base_interval"));
        long max =
                Durations.millis(
                        options.hasMaxInterval(),
                        options.getMaxInterval(),
                        base * DEFAULT_BACKOFF_FACTOR,
                        context.at("max_interval"));
        if (max < base) {
            context.error("max_interval must be greater than or equal to the base_interval");
        }
        return new TcpProxySpec.Backoff(base, max);
    }

    private static List<WeightedCluster> clusters(TcpProxy proto, CompileContext context) {
        if (proto.getClusterSpecifierCase() == TcpProxy.ClusterSpecifierCase.CLUSTER) {
            return List.of(new WeightedCluster(proto.getCluster(), 1, Metadata.EMPTY));
        }
        List<WeightedCluster> clusters = new ArrayList<>();
        long total = 0;
        for (var cluster : proto.getWeightedClusters().getClustersList()) {
            total += Integer.toUnsignedLong(cluster.getWeight());
            clusters.add(
                    new WeightedCluster(
                            cluster.getName(),
                            cluster.getWeight(),
                            MetadataValues.compile(cluster.getMetadataMatch())));
        }
        if (total > Integer.MAX_VALUE) {
            context.at("weighted_clusters").error("the sum of weights exceeds 2147483647");
        }
        return clusters;
    }

    private static List<TcpProxySpec.HashPolicy> hashPolicies(TcpProxy proto) {
        List<TcpProxySpec.HashPolicy> policies = new ArrayList<>();
        for (HashPolicy policy : proto.getHashPolicyList()) {
            policies.add(
                    policy.hasFilterState()
                            ? new TcpProxySpec.HashPolicy.FilterStateKey(
                                    policy.getFilterState().getKey())
                            : new TcpProxySpec.HashPolicy.SourceIp());
        }
        return policies;
    }

    @SuppressWarnings("deprecation") // the fields before access_log_options
    private static long flushInterval(TcpProxy proto, CompileContext context) {
        var options = proto.getAccessLogOptions();
        return options.hasAccessLogFlushInterval()
                ? Durations.millis(
                        options.getAccessLogFlushInterval(),
                        context.at("access_log_options").at("access_log_flush_interval"))
                : Durations.millis(
                        proto.getAccessLogFlushInterval(), context.at("access_log_flush_interval"));
    }

    @SuppressWarnings("deprecation") // the fields before access_log_options
    private static boolean flushOnConnected(TcpProxy proto) {
        return proto.getAccessLogOptions().getFlushAccessLogOnConnected()
                || proto.getFlushAccessLogOnConnected();
    }
}
