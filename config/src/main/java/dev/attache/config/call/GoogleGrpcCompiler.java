package dev.attache.config.call;

import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.call.GrpcChannel;
import dev.attache.proxy.metadata.Metadata;
import dev.attache.proxy.upstream.ImpliedCluster;
import dev.attache.proxy.upstream.host.EndpointAddress;
import dev.attache.proxy.upstream.host.EndpointSpec;
import dev.attache.proxy.upstream.host.HealthStatus;
import dev.attache.proxy.upstream.host.LoadAssignment;
import dev.attache.proxy.upstream.host.Locality;
import dev.attache.proxy.upstream.host.LocalityEndpoints;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec;
import dev.attache.proxy.upstream.spec.CircuitBreakerSpec.Thresholds;
import dev.attache.proxy.upstream.spec.ClusterSpec;
import dev.attache.proxy.upstream.spec.DiscoverySpec;
import dev.attache.proxy.upstream.spec.DnsServers;
import dev.attache.proxy.upstream.spec.DnsSpec;
import dev.attache.proxy.upstream.spec.TransportSelection;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec;
import dev.attache.proxy.upstream.spec.UpstreamHttpSpec.ProtocolChoice;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.GrpcService.GoogleGrpc;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code google_grpc}: to a channel over connections of our own, which behave as gRPC's library
 * would have it: one host, the first address that can be reached, no limits but those of the peer.
 */
final class GoogleGrpcCompiler {

    /** gRPC's least for one attempt to connect. */
    private static final long CONNECT_MILLIS = 20_000;

    /** gRPC's waits between attempts to resolve a name, the first and the longest. */
    private static final long BACK_OFF_MILLIS = 1_000;

    private static final long LONGEST_BACK_OFF_MILLIS = 120_000;

    private static final int BUFFER_LIMIT = 1 << 20;

    private static final String USER_AGENT = "grpc-attache";

    private static final Thresholds UNLIMITED =
            new Thresholds(
                    CircuitBreakerSpec.UNLIMITED,
                    CircuitBreakerSpec.UNLIMITED,
                    CircuitBreakerSpec.UNLIMITED,
                    CircuitBreakerSpec.UNLIMITED,
                    CircuitBreakerSpec.UNLIMITED,
                    null,
                    false);

    /** A channel, with what its requests say and may be answered. */
    record Compiled(GrpcChannel channel, String authority, long maxMessageBytes) {}

    private GoogleGrpcCompiler() {}

    /** Null with the errors reported. */
    static @Nullable Compiled compile(GrpcService service, CompileContext holder) {
        int before = holder.diagnostics().errorCount();
        CompileContext context = holder.at("google_grpc");
        GoogleGrpc grpc = service.getGoogleGrpc();
        checkMetadata(service, holder);
        GoogleTarget target = GoogleTarget.of(grpc.getTargetUri(), context.at("target_uri"));
        if (target == null) {
            return null;
        }
        ChannelArgs args = ChannelArgs.of(grpc, context);
        String override = args.targetNameOverride();
        String authority = args.defaultAuthority();
        if (authority == null) {
            authority = override == null ? target.authority() : override;
        }
        GoogleCredentials credentials =
                GoogleCredentials.of(
                        grpc, target, override == null ? target.host() : override, context);
        GrpcChannel channel =
                new GrpcChannel(
                        List.of(service.toByteString(), credentials.material()),
                        implied(grpc, target, args, credentials),
                        grpc.getStatPrefix(),
                        credentials.transport().secure(),
                        args.userAgent(USER_AGENT),
                        credentials.authorization(),
                        grpc.hasPerStreamBufferLimitBytes()
                                ? Integer.toUnsignedLong(
                                        grpc.getPerStreamBufferLimitBytes().getValue())
                                : BUFFER_LIMIT);
        return holder.diagnostics().errorCount() > before
                ? null
                : new Compiled(channel, authority, args.maxMessageBytes());
    }

    private static ImpliedCluster implied(
            GoogleGrpc grpc, GoogleTarget target, ChannelArgs args, GoogleCredentials credentials) {
        String name = grpc.getTargetUri();
        ClusterSpec.Builder spec =
                ClusterSpec.named(name)
                        .endpoints(LoadAssignment.of(name, List.of(endpoints(target))))
                        .connectTimeoutMillis(CONNECT_MILLIS)
                        .circuitBreakers(
                                new CircuitBreakerSpec(
                                        UNLIMITED, UNLIMITED, CircuitBreakerSpec.UNLIMITED))
                        .http(http(args))
                        .transports(
                                new TransportSelection(credentials.transport(), List.of(), null));
        if (target.address() instanceof EndpointAddress.Named) {
            spec.discovery(
                    new DiscoverySpec.LogicalDns(
                            new DnsSpec(
                                    DnsSpec.LookupFamily.ALL,
                                    args.resolutionMillis(),
                                    false,
                                    BACK_OFF_MILLIS,
                                    LONGEST_BACK_OFF_MILLIS,
                                    0,
                                    DnsServers.SYSTEM)));
        }
        Object identity =
                List.of(
                        grpc.toBuilder().clearStatPrefix().build().toByteString(),
                        credentials.material());
        return new ImpliedCluster(identity, spec.build());
    }

    private static LocalityEndpoints endpoints(GoogleTarget target) {
        EndpointSpec endpoint =
                new EndpointSpec(
                        target.address(),
                        target.others(),
                        target.host(),
                        1,
                        HealthStatus.UNKNOWN,
                        Metadata.EMPTY,
                        Metadata.EMPTY,
                        EndpointSpec.HealthCheckOverride.NONE);
        return new LocalityEndpoints(
                new Locality("", "", ""), 0, 0, List.of(endpoint), Metadata.EMPTY);
    }

    private static UpstreamHttpSpec http(ChannelArgs args) {
        UpstreamHttpSpec from = UpstreamHttpSpec.DEFAULTS;
        return new UpstreamHttpSpec(
                ProtocolChoice.HTTP2,
                from.http1(),
                args.http2(),
                args.idleMillis(),
                from.maxConnectionDuration(),
                0,
                0,
                false,
                false,
                null,
                from.policies(),
                null);
    }

    /** What gRPC lets metadata be made of; the rest it would not send. */
    private static void checkMetadata(GrpcService service, CompileContext context) {
        for (int i = 0; i < service.getInitialMetadataCount(); i++) {
            HeaderValue each = service.getInitialMetadata(i);
            CompileContext at = context.at("initial_metadata", i);
            String key = each.getKey();
            if (!isKey(key)) {
                at.at("key")
                        .error(
                                "Illegal characters in gRPC initial metadata header key: "
                                        + key
                                        + ".");
            } else if (!key.endsWith("-bin") && !isText(each.getValue())) {
                at.at("value")
                        .error(
                                "Illegal ASCII value for gRPC initial metadata header key: "
                                        + key
                                        + ".");
            }
        }
    }

    private static boolean isKey(String key) {
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!letter && c != '_' && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7E) {
                return false;
            }
        }
        return true;
    }
}
