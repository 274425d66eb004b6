package dev.attache.server.source;

import dev.attache.config.Compiled;
import dev.attache.config.Refusals;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.stats.StatsStore;
import dev.attache.proxy.upstream.SharedCluster;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.xds.client.ConfigSourceException;
import dev.attache.xds.client.TransportFactory;
import dev.attache.xds.stream.GrpcTarget;
import dev.attache.xds.stream.GrpcThreads;
import dev.attache.xds.stream.GrpcTransport;
import dev.attache.xds.stream.LocalServices;
import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.grpc.Metadata;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reaches control planes by the clusters of this proxy, or by address. Main loop only. */
public final class ControlPlanes implements TransportFactory {

    private final NettyMainLoop loop;
    private final GrpcThreads threads;
    private final LocalServices local;
    private final Function<String, @Nullable SharedCluster> clusters;
    private final TransportWorkers workers;
    private final Services services;
    private final StatsStore stats;
    private final SharedTransports shared = new SharedTransports();

    /** Compiles services that are given by their target. */
    @FunctionalInterface
    public interface Services {
        Compiled<dev.attache.proxy.call.grpc.GrpcService> compile(GrpcService service);
    }

    /**
     * @param local services of this process behind paths of sockets
     * @param clusters finds a cluster by name, warm or not
     * @param workerIndex index of the stat cells that connections to control planes use
     * @param stats of the process
     */
    public ControlPlanes(
            NettyMainLoop loop,
            GrpcThreads threads,
            LocalServices local,
            Function<String, @Nullable SharedCluster> clusters,
            int workerIndex,
            Services services,
            StatsStore stats) {
        this.loop = loop;
        this.threads = threads;
        this.local = local;
        this.clusters = clusters;
        this.workers = new TransportWorkers(workerIndex);
        this.services = services;
        this.stats = stats;
    }

    @Override
    public XdsTransport create(GrpcService service) {
        return hasOneHost(service.getEnvoyGrpc().getClusterName())
                ? shared.lease(service, () -> own(service))
                : own(service);
    }

    /** Of which there are no others that another stream would have to try. */
    private boolean hasOneHost(String name) {
        SharedCluster cluster = clusters.apply(name);
        return cluster != null
                && cluster.spec().discovery() instanceof DiscoverySpec.Static
                && cluster.hosts().size() == 1;
    }

    private XdsTransport own(GrpcService service) {
        Metadata metadata = metadata(service.getInitialMetadataList());
        GrpcTarget target =
                switch (service.getTargetSpecifierCase()) {
                    case ENVOY_GRPC -> byCluster(service.getEnvoyGrpc(), metadata);
                    case GOOGLE_GRPC -> byTarget(service, metadata);
                    case TARGETSPECIFIER_NOT_SET ->
                            throw new ConfigSourceException(
                                    "grpc_services: one of envoy_grpc and google_grpc must be set");
                };
        return new GrpcTransport(loop, threads, target, local);
    }

    private GrpcTarget byCluster(GrpcService.EnvoyGrpc envoy, Metadata metadata) {
        String name = envoy.getClusterName();
        if (clusters.apply(name) == null) {
            throw new ConfigSourceException("Unknown gRPC client cluster '" + name + "'");
        }
        String authority = envoy.getAuthority().isEmpty() ? name : envoy.getAuthority();
        return new ClusterTarget(name, authority, metadata, clusters, workers);
    }

    private GrpcTarget byTarget(GrpcService service, Metadata metadata) {
        Compiled<dev.attache.proxy.call.grpc.GrpcService> compiled = services.compile(service);
        if (!(compiled instanceof Compiled.Ok<dev.attache.proxy.call.grpc.GrpcService> ok)) {
            throw new ConfigSourceException("grpc_services: " + Refusals.text(compiled.errors()));
        }
        GrpcChannel channel = Objects.requireNonNull(ok.value().channel());
        String authorization = channel.authorization();
        if (authorization != null) {
            metadata.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    authorization);
        }
        return new GoogleTarget(channel, ok.value().authority(), metadata, workers, stats);
    }

    private static Metadata metadata(List<HeaderValue> values) {
        Metadata metadata = new Metadata();
        for (HeaderValue value : values) {
            String name = value.getKey().toLowerCase(java.util.Locale.ROOT);
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                metadata.put(
                        Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER),
                        value.getRawValue().toByteArray());
            } else {
                String text =
                        value.getValue().isEmpty()
                                ? value.getRawValue().toStringUtf8()
                                : value.getValue();
                metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), text);
            }
        }
        return metadata;
    }
}
