package dev.attache.server.plane.compile;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.attache.config.Compiled;
import dev.attache.config.cluster.CompiledCluster;
import dev.attache.config.extension.FilterKind;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.config.validate.Findings;
import dev.attache.proxy.upstream.host.LoadAssignment;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns resources into specs: {@code dev.attache.config} as the stores use it. */
public interface Compilers {

    /**
     * Walks over a resource of a control plane, as compiling it demands. Any thread.
     *
     * @param bytes that the message was read from
     */
    Findings check(Message message, ByteString bytes);

    /**
     * Any thread; secrets are asked for where they belong.
     *
     * @param found by {@link #check} in a resource of CDS; null for a cluster of the bootstrap,
     *     which was walked over with it
     */
    Compiled<CompiledCluster> cluster(Cluster cluster, @Nullable Findings found);

    /** Any thread. */
    Compiled<LoadAssignment> endpoints(ClusterLoadAssignment assignment, Findings found);

    /**
     * Any thread; secrets are asked for where they belong.
     *
     * @param found by {@link #check} in a resource of LDS; null for a listener of the bootstrap,
     *     which was walked over with it
     * @param clusters whether there is a cluster of the name, for configurations that want to know
     */
    Compiled<ListenerParts> listener(
            Listener listener, @Nullable Findings found, Predicate<String> clusters);

    /**
     * A filter that was discovered. Main loop; secrets are asked for where they belong.
     *
     * @param clusters whether there is a cluster of the name, for configurations that want to know
     */
    Compiled<DiscoveredParts> extension(
            FilterKind kind, TypedExtensionConfig config, Predicate<String> clusters);

    /**
     * Any thread; secrets are asked for where they belong.
     *
     * @param clusters whether there is a cluster of the name, for configurations that want to know
     */
    Compiled<CompiledRoutes> routes(
            RouteConfiguration routes, Findings found, Predicate<String> clusters);

    /**
     * Any thread.
     *
     * @param service of a control plane, in {@code google_grpc}
     */
    Compiled<dev.attache.proxy.call.grpc.GrpcService> service(GrpcService service);
}
