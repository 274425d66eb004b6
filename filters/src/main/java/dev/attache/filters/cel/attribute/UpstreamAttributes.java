package dev.attache.filters.cel.attribute;

import dev.attache.filters.cel.value.Uint;
import dev.attache.proxy.address.Address;
import dev.attache.proxy.stream.ClusterView;
import dev.attache.proxy.stream.UpstreamInfo;
import dev.attache.proxy.stream.format.FormatContext;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code upstream.*}: the host of the last attempt, its connection and the cluster's size. */
final class UpstreamAttributes {
    private UpstreamAttributes() {}

    static @Nullable Attribute find(String name) {
        return switch (name) {
            case "address" -> of(upstream -> text(upstream.host));
            case "port" -> of(upstream -> PeerAttributes.port(upstream.host));
            case "local_address" -> of(upstream -> text(upstream.localAddress));
            case "locality" ->
                    of(upstream -> upstream.host == null ? null : LocalityMessage.of(upstream));
            case "transport_failure_reason" ->
                    of(upstream ->
                            upstream.transportFailureReason == null
                                    ? ""
                                    : upstream.transportFailureReason);
            case "request_attempt_count" -> context -> new Uint(context.info().attemptCount);
            case "cx_pool_ready_duration" -> UpstreamAttributes::poolReady;
            case "num_endpoints" -> UpstreamAttributes::endpoints;
            default ->
                    TlsAttributes.find(
                            name,
                            context -> {
                                UpstreamInfo upstream = context.info().upstream();
                                return upstream == null ? null : upstream.tls;
                            });
        };
    }

    private static Attribute of(Function<UpstreamInfo, @Nullable Object> field) {
        return context -> {
            UpstreamInfo upstream = context.info().upstream();
            return upstream == null ? null : field.apply(upstream);
        };
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.toString();
    }

    private static @Nullable Object poolReady(FormatContext context) {
        UpstreamInfo upstream = context.info().upstream();
        return upstream == null || upstream.poolReadyNanos == -1
                ? null
                : Duration.ofNanos(upstream.poolReadyNanos - context.info().startNanos());
    }

    private static @Nullable Object endpoints(FormatContext context) {
        ClusterView cluster = context.info().cluster;
        return cluster == null ? null : new Uint(cluster.members());
    }
}
