package dev.attache.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes the listeners, their routes, the clusters and what filters have in files out of a case's
 * bootstrap and serves them by gRPC, aggregated, state of the world or delta. A resource is sent
 * once to who asks for it, and once more when its file is replaced; what was refused stands in
 * {@link #refusals}.
 */
final class AggregatedDiscovery implements AutoCloseable {
    private static final String PREFIX = "type.googleapis.com/";
    private static final String MANAGER =
            PREFIX
                    + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
    private static final String ROUTES = PREFIX + "envoy.config.route.v3.RouteConfiguration";
    private static final String OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static final Map<String, Object> SOURCE =
            Map.of("ads", Map.of(), "resource_api_version", "V3", "initial_fetch_timeout", "0s");

    private final boolean delta;
    private final Map<String, Map<String, Any>> resources = new HashMap<>();
    private final SentExtensions extensions = new SentExtensions();
    private final List<Stream> streams = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private int version = 1;
    private final Map<String, Object> bootstrap;
    private final Server server;

    /**
     * @param manner {@code sotw} or {@code delta}
     * @param whole the bootstrap as it would be in a file
     */
    AggregatedDiscovery(String manner, Map<String, Object> whole) throws IOException {
        this.delta = manner.equals("delta");
        Map<String, Object> fixed = new LinkedHashMap<>(Tree.map(whole.get("static_resources")));
        for (String kind : List.of("listeners", "clusters")) {
            for (Object each : Tree.list(fixed.remove(kind))) {
                put(
                        kind.equals("listeners")
                                ? Listener.getDefaultInstance()
                                : Cluster.getDefaultInstance(),
                        Tree.map(
                                extensions.taken(
                                        kind.equals("listeners") ? withoutRoutes(each) : each)));
            }
        }
        this.server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(new Service())
                        .build()
                        .start();
        fixed.put("clusters", List.of(cluster()));
        this.bootstrap = new LinkedHashMap<>(whole);
        bootstrap.put("static_resources", fixed);
        bootstrap.putIfAbsent("node", Map.of("id", "conformance", "cluster", "conformance"));
        bootstrap.put(
                "dynamic_resources",
                Map.of("lds_config", SOURCE, "cds_config", SOURCE, "ads_config", ads()));
    }

    /** What is left of the bootstrap, with the way to this server. */
    Map<String, Object> bootstrap() {
        return bootstrap;
    }

    /** What the proxy has said of responses that it does not take. */
    synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    /**
     * A file of the case has new content: what filters have in it goes to who has asked for them.
     */
    synchronized void replaced(Path file, byte[] content) {
        SentExtensions.Change change = extensions.replace(file, content);
        if (change != null) {
            version++;
            streams.forEach(stream -> stream.send(change));
        }
    }

    /** Every stream breaks; the proxy is to ask again. */
    synchronized void disconnect() {
        List<Stream> broken = List.copyOf(streams);
        streams.clear();
        broken.forEach(Stream::fail);
    }

    private synchronized void opened(Stream stream) {
        streams.add(stream);
    }

    private void put(Message type, Map<String, Object> body) {
        Message message = ScriptedDiscovery.read(Tree.json(body, false), type);
        Any any = Any.pack(message, PREFIX);
        resources
                .computeIfAbsent(any.getTypeUrl(), url -> new LinkedHashMap<>())
                .put(Tree.text(body.get("name"), ""), any);
    }

    /** The tree with the routes of each connection manager replaced by a name to ask for. */
    private Object withoutRoutes(Object tree) {
        if (tree instanceof List<?> list) {
            return list.stream().map(this::withoutRoutes).toList();
        }
        if (!(tree instanceof Map<?, ?>)) {
            return tree;
        }
        Map<String, Object> changed = new LinkedHashMap<>();
        Tree.map(tree).forEach((key, value) -> changed.put(key, withoutRoutes(value)));
        if (MANAGER.equals(changed.get("@type")) && changed.get("route_config") != null) {
            Map<String, Object> routes =
                    new LinkedHashMap<>(Tree.map(changed.remove("route_config")));
            String name = "routes-" + resources.getOrDefault(ROUTES, Map.of()).size();
            routes.put("name", name);
            put(RouteConfiguration.getDefaultInstance(), routes);
            changed.put("rds", Map.of("route_config_name", name, "config_source", SOURCE));
        }
        return changed;
    }

    private Map<String, Object> ads() {
        return Map.of(
                "api_type",
                delta ? "DELTA_GRPC" : "GRPC",
                "transport_api_version",
                "V3",
                "set_node_on_first_message_only",
                true,
                "grpc_services",
                List.of(Map.of("envoy_grpc", Map.of("cluster_name", "ads-of-the-case"))));
    }

    private Map<String, Object> cluster() {
        Object address =
                Map.of(
                        "socket_address",
                        Map.of("address", "127.0.0.1", "port_value", server.getPort()));
        Object endpoint = Map.of("endpoint", Map.of("address", address));
        return Map.of(
                "name",
                "ads-of-the-case",
                "load_assignment",
                Map.of(
                        "cluster_name",
                        "ads-of-the-case",
                        "endpoints",
                        List.of(Map.of("lb_endpoints", List.of(endpoint)))),
                "typed_extension_protocol_options",
                Map.of(
                        OPTIONS,
                        Map.of(
                                "@type",
                                PREFIX + OPTIONS,
                                "explicit_http_config",
                                Map.of("http2_protocol_options", Map.of()))));
    }

    /** What to send to one who asks for these names; none means all. */
    private Map<String, Any> wanted(String type, Collection<String> names) {
        boolean extension = type.equals(SentExtensions.TYPE);
        Map<String, Any> all =
                extension ? extensions.all() : resources.getOrDefault(type, Map.of());
        if (!extension && (names.isEmpty() || names.contains("*"))) {
            return all;
        }
        Map<String, Any> some = new LinkedHashMap<>(all);
        some.keySet().retainAll(names);
        return some;
    }

    private synchronized void answered(boolean refused, String why) {
        if (refused) {
            refusals.add(why);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }

    private final class Service
            extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                StreamObserver<DiscoveryResponse> responses) {
            SotwStream stream = new SotwStream(responses);
            opened(stream);
            return stream;
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                StreamObserver<DeltaDiscoveryResponse> responses) {
            DeltaStream stream = new DeltaStream(responses);
            opened(stream);
            return stream;
        }
    }

    /** A stream that can be told of changes; its answers are sent under the server's lock. */
    private interface Stream {
        void send(SentExtensions.Change change);

        void fail();
    }

    private final class SotwStream extends Requests<DiscoveryRequest> implements Stream {
        private final StreamObserver<DiscoveryResponse> responses;
        private final Map<String, Set<String>> known = new HashMap<>();

        SotwStream(StreamObserver<DiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DiscoveryRequest request) {
            synchronized (AggregatedDiscovery.this) {
                answered(request.hasErrorDetail(), request.getErrorDetail().getMessage());
                String type = request.getTypeUrl();
                Set<String> names = new HashSet<>(request.getResourceNamesList());
                Set<String> before = known.put(type, names);
                if (!names.equals(before)) {
                    Set<String> fresh = new HashSet<>(names);
                    if (before != null && type.equals(SentExtensions.TYPE)) {
                        // Who asks for one more has the others.
                        fresh.removeAll(before);
                    }
                    send(type, wanted(type, fresh));
                }
            }
        }

        @Override
        public void send(SentExtensions.Change change) {
            Map<String, Any> now = new LinkedHashMap<>(change.now());
            now.keySet().retainAll(known.getOrDefault(SentExtensions.TYPE, Set.of()));
            if (!now.isEmpty()) {
                send(SentExtensions.TYPE, now);
            }
        }

        private void send(String type, Map<String, Any> resources) {
            responses.onNext(
                    DiscoveryResponse.newBuilder()
                            .setTypeUrl(type)
                            .setVersionInfo(String.valueOf(version))
                            .setNonce(String.valueOf(version))
                            .addAllResources(resources.values())
                            .build());
        }

        @Override
        public void fail() {
            responses.onError(Status.UNAVAILABLE.asRuntimeException());
        }
    }

    private final class DeltaStream extends Requests<DeltaDiscoveryRequest> implements Stream {
        private final StreamObserver<DeltaDiscoveryResponse> responses;
        private final Set<String> types = new HashSet<>();
        private final Set<String> wanted = new HashSet<>();

        DeltaStream(StreamObserver<DeltaDiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            synchronized (AggregatedDiscovery.this) {
                answered(request.hasErrorDetail(), request.getErrorDetail().getMessage());
                String type = request.getTypeUrl();
                List<String> names = request.getResourceNamesSubscribeList();
                if (type.equals(SentExtensions.TYPE)) {
                    wanted.addAll(names);
                    wanted.removeAll(request.getResourceNamesUnsubscribeList());
                }
                if (types.add(type) || !names.isEmpty()) {
                    send(type, wanted(type, names), Set.of());
                }
            }
        }

        @Override
        public void send(SentExtensions.Change change) {
            Map<String, Any> now = new LinkedHashMap<>(change.now());
            now.keySet().retainAll(wanted);
            Set<String> gone = new HashSet<>(change.gone());
            gone.retainAll(wanted);
            if (!now.isEmpty() || !gone.isEmpty()) {
                send(SentExtensions.TYPE, now, gone);
            }
        }

        private void send(String type, Map<String, Any> resources, Set<String> gone) {
            String number = String.valueOf(version);
            DeltaDiscoveryResponse.Builder response =
                    DeltaDiscoveryResponse.newBuilder().setTypeUrl(type).setNonce(number);
            resources.forEach((name, body) ->
                    response.addResources(
                            Resource.newBuilder()
                                    .setName(name)
                                    .setVersion(number)
                                    .setResource(body)));
            responses.onNext(response.addAllRemovedResources(gone).build());
        }

        @Override
        public void fail() {
            responses.onError(Status.UNAVAILABLE.asRuntimeException());
        }
    }

    /** The end of a stream needs no answer: the proxy is gone. */
    private abstract static class Requests<Q> implements StreamObserver<Q> {
        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
