package dev.attache.xds.client;

import dev.attache.xds.ControlPlaneStats;
import dev.attache.xds.MainLoop;
import dev.attache.xds.UpdateJournal;
import dev.attache.xds.mux.DeltaMux;
import dev.attache.xds.mux.Mux;
import dev.attache.xds.mux.MuxSetup;
import dev.attache.xds.mux.SotwMux;
import dev.attache.xds.stream.Backoff;
import dev.attache.xds.stream.RateLimit;
import dev.attache.xds.stream.XdsTransport;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.core.v3.RateLimitSettings;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Builds the mux that an {@code ApiConfigSource} describes. Main loop only. */
final class MuxFactory {

    private final MainLoop loop;
    private final Supplier<Node> node;
    private final TransportFactory transports;
    private final RandomGenerator random;
    private final UpdateJournal journal;

    MuxFactory(
            MainLoop loop,
            Supplier<Node> node,
            TransportFactory transports,
            RandomGenerator random,
            UpdateJournal journal) {
        this.loop = loop;
        this.node = node;
        this.transports = transports;
        this.random = random;
        this.journal = journal;
    }

    Mux create(
            ApiConfigSource source,
            @Nullable MethodDescriptor<DiscoveryRequest, DiscoveryResponse> sotw,
            @Nullable MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta,
            ControlPlaneStats stats,
            String of) {
        requireV3(source.getTransportApiVersion());
        String protocol = of + (isDelta(source) ? "/delta" : "/sotw");
        return switch (source.getApiType()) {
            case GRPC, AGGREGATED_GRPC ->
                    new SotwMux(
                            setup(source, stats, protocol),
                            require(sotw, "state-of-the-world gRPC"));
            case DELTA_GRPC, AGGREGATED_DELTA_GRPC ->
                    new DeltaMux(
                            setup(source, stats, protocol), require(delta, "incremental gRPC"));
            case REST ->
                    throw new ConfigSourceException(
                            "api_config_source.api_type REST is not supported here; use GRPC or"
                                    + " DELTA_GRPC");
            case DEPRECATED_AND_UNAVAILABLE_DO_NOT_USE, UNRECOGNIZED ->
                    throw new ConfigSourceException(
                            "api_config_source.api_type is not one of GRPC, DELTA_GRPC");
        };
    }

    static boolean isDelta(ApiConfigSource source) {
        return source.getApiType() == ApiConfigSource.ApiType.DELTA_GRPC
                || source.getApiType() == ApiConfigSource.ApiType.AGGREGATED_DELTA_GRPC;
    }

    /** Refuses version 2; {@code AUTO}, the unset value, means version 3 as in Envoy. */
    void requireV3(ApiVersion version) {
        if (version != ApiVersion.V3 && version != ApiVersion.AUTO) {
            throw new ConfigSourceException(
                    version
                            + " xDS transport protocol version is deprecated; set"
                            + " transport_api_version and resource_api_version to V3");
        }
    }

    private static <T> T require(@Nullable T method, String flavour) {
        if (method == null) {
            throw new ConfigSourceException("this resource type cannot be fetched by " + flavour);
        }
        return method;
    }

    private MuxSetup setup(ApiConfigSource source, ControlPlaneStats stats, String protocol) {
        if (source.getGrpcServicesCount() == 0) {
            throw new ConfigSourceException(
                    "API configs must have either a gRPC service or a cluster name defined");
        }
        GrpcService service = source.getGrpcServices(0);
        XdsTransport transport = transports.create(service);
        UpdateJournal.Stream stream = journal.stream(transport.name(), protocol);
        return new MuxSetup(
                loop,
                transport,
                node,
                source.getSetNodeOnFirstMessageOnly(),
                backoff(service),
                rateLimit(source),
                new JournaledStats(stats, stream),
                stream);
    }

    private Backoff backoff(GrpcService service) {
        BackoffStrategy strategy = null;
        if (service.hasEnvoyGrpc() && service.getEnvoyGrpc().getRetryPolicy().hasRetryBackOff()) {
            strategy = service.getEnvoyGrpc().getRetryPolicy().getRetryBackOff();
        } else if (service.getRetryPolicy().hasRetryBackOff()) {
            strategy = service.getRetryPolicy().getRetryBackOff();
        }
        if (strategy == null) {
            return new Backoff(Backoff.DEFAULT_BASE, Backoff.DEFAULT_MAX, random);
        }
        Duration base = toJava(strategy.getBaseInterval());
        Duration max =
                strategy.hasMaxInterval()
                        ? toJava(strategy.getMaxInterval())
                        : base.multipliedBy(10);
        if (base.toMillis() < 1 || max.compareTo(base) < 0) {
            throw new ConfigSourceException(
                    "retry_back_off: max_interval must be greater than or equal to the"
                            + " base_interval, and base_interval at least 1 ms");
        }
        return new Backoff(base, max, random);
    }

    private @Nullable RateLimit rateLimit(ApiConfigSource source) {
        if (!source.hasRateLimitSettings()) {
            return null;
        }
        RateLimitSettings settings = source.getRateLimitSettings();
        return new RateLimit(
                settings.hasMaxTokens()
                        ? settings.getMaxTokens().getValue()
                        : RateLimit.DEFAULT_MAX_TOKENS,
                settings.hasFillRate()
                        ? settings.getFillRate().getValue()
                        : RateLimit.DEFAULT_FILL_RATE,
                loop.nanoTime());
    }

    private static Duration toJava(com.google.protobuf.Duration duration) {
        return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }
}
