package dev.attache.bench.scale;

import com.google.protobuf.Any;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An ADS server for one proxy that sends exactly what it is told. Arguments: clusters, endpoints in
 * each, the listeners' port, the ports of the two upstreams, virtual hosts, routes in each,
 * listeners. Says its own port, then obeys lines on its standard input: {@code same TYPE} sends all
 * of a type again, {@code move} moves one endpoint, {@code shift} the endpoints of a cluster
 * without traffic, the next one each time, {@code add} adds a cluster. For each acknowledgement it
 * says type, milliseconds since the response and how many names the request has.
 */
public final class ScaleControlPlane
        extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {

    private final World world;
    private final List<Stream> streams = new ArrayList<>();
    private int versions;

    private ScaleControlPlane(World world) {
        this.world = world;
    }

    public static void main(String[] args) throws IOException {
        World world =
                new World(
                        Integer.parseInt(args[0]),
                        Integer.parseInt(args[1]),
                        new int[] {Integer.parseInt(args[3]), Integer.parseInt(args[4])},
                        Integer.parseInt(args[2]),
                        new World.Size(
                                Integer.parseInt(args[5]),
                                Integer.parseInt(args[6]),
                                Integer.parseInt(args[7])));
        ScaleControlPlane plane = new ScaleControlPlane(world);
        Server server =
                NettyServerBuilder.forAddress(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .addService(plane)
                        .maxInboundMessageSize(64 << 20)
                        .build()
                        .start();
        say("port " + server.getPort());
        BufferedReader orders =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            plane.obey(order.strip());
        }
        server.shutdownNow();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private synchronized void obey(String order) {
        String clusters = ResourceType.CLUSTER.typeUrl();
        String endpoints = ResourceType.ENDPOINT.typeUrl();
        switch (order) {
            case "same cds" -> streams.forEach(stream -> stream.sendAll(clusters));
            case "same eds" -> streams.forEach(stream -> stream.sendAll(endpoints));
            case "move" -> {
                String moved = world.moveFirst();
                streams.forEach(stream -> stream.send(endpoints, List.of(moved)));
            }
            case "shift" -> {
                String shifted = world.shiftNext();
                streams.forEach(stream -> stream.send(endpoints, List.of(shifted)));
            }
            case "add" -> {
                String added = world.addOne();
                streams.forEach(stream -> stream.sendAdded(clusters, added));
            }
            default -> throw new IllegalArgumentException("unknown order " + order);
        }
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> responses) {
        return new StateStream(responses);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        return new DeltaStream(responses);
    }

    /** What both kinds of stream have in common. Guarded by the control plane. */
    private abstract class Stream {
        final Map<String, Set<String>> wanted = new HashMap<>();
        private final Map<String, Long> sentAt = new HashMap<>();
        private final Map<String, String> nonces = new HashMap<>();

        abstract void send(String typeUrl, Collection<String> names);

        abstract void sendAdded(String typeUrl, String name);

        final void sendAll(String typeUrl) {
            Set<String> names = wanted.get(typeUrl);
            if (names != null) {
                send(typeUrl, names.isEmpty() ? world.of(typeUrl).keySet() : names);
            }
        }

        final String stamp(String typeUrl) {
            String nonce = Integer.toString(++versions);
            nonces.put(typeUrl, nonce);
            sentAt.put(nonce, System.nanoTime());
            return nonce;
        }

        /** Whether a request answers the newest response of its type. */
        final boolean answers(String typeUrl, String nonce, int names, String refused) {
            Long sent = sentAt.remove(nonce);
            if (sent != null) {
                String type = typeUrl.substring(typeUrl.lastIndexOf('.') + 1);
                long micros = (System.nanoTime() - sent) / 1000;
                say(
                        "%s %s %.1f %d"
                                .formatted(
                                        refused.isEmpty() ? "ack" : "nack",
                                        type,
                                        micros / 1000.0,
                                        names));
            }
            return nonce.equals(nonces.getOrDefault(typeUrl, ""));
        }
    }

    private final class StateStream extends Stream implements StreamObserver<DiscoveryRequest> {
        private final StreamObserver<DiscoveryResponse> responses;

        StateStream(StreamObserver<DiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DiscoveryRequest request) {
            synchronized (ScaleControlPlane.this) {
                if (!streams.contains(this)) {
                    streams.add(this);
                }
                String type = request.getTypeUrl();
                boolean newest =
                        answers(
                                type,
                                request.getResponseNonce(),
                                request.getResourceNamesCount(),
                                request.getErrorDetail().getMessage());
                Set<String> names = new LinkedHashSet<>(request.getResourceNamesList());
                if (newest && !names.equals(wanted.put(type, names))) {
                    sendAll(type);
                }
            }
        }

        @Override
        void send(String typeUrl, Collection<String> names) {
            DiscoveryResponse.Builder response = DiscoveryResponse.newBuilder().setTypeUrl(typeUrl);
            for (String name : names) {
                Any body = world.of(typeUrl).get(name);
                if (body != null) {
                    response.addResources(body);
                }
            }
            String nonce = stamp(typeUrl);
            responses.onNext(response.setVersionInfo(nonce).setNonce(nonce).build());
        }

        @Override
        void sendAdded(String typeUrl, String name) {
            sendAll(typeUrl);
        }

        @Override
        public void onError(Throwable t) {
            leave(this);
        }

        @Override
        public void onCompleted() {
            leave(this);
        }
    }

    private final class DeltaStream extends Stream
            implements StreamObserver<DeltaDiscoveryRequest> {
        private final StreamObserver<DeltaDiscoveryResponse> responses;

        DeltaStream(StreamObserver<DeltaDiscoveryResponse> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(DeltaDiscoveryRequest request) {
            synchronized (ScaleControlPlane.this) {
                if (!streams.contains(this)) {
                    streams.add(this);
                }
                String type = request.getTypeUrl();
                answers(
                        type,
                        request.getResponseNonce(),
                        request.getResourceNamesSubscribeCount(),
                        request.getErrorDetail().getMessage());
                boolean first = !wanted.containsKey(type);
                Set<String> names = wanted.computeIfAbsent(type, url -> new LinkedHashSet<>());
                List<String> added = request.getResourceNamesSubscribeList();
                names.addAll(added);
                names.removeAll(request.getResourceNamesUnsubscribeList());
                if (first && added.isEmpty()) {
                    sendAll(type);
                } else if (!added.isEmpty()) {
                    send(type, added.contains("*") ? world.of(type).keySet() : added);
                }
            }
        }

        @Override
        void send(String typeUrl, Collection<String> names) {
            String nonce = stamp(typeUrl);
            DeltaDiscoveryResponse.Builder response =
                    DeltaDiscoveryResponse.newBuilder().setTypeUrl(typeUrl).setNonce(nonce);
            for (String name : names) {
                Any body = world.of(typeUrl).get(name);
                if (body != null) {
                    response.addResources(
                            Resource.newBuilder()
                                    .setName(name)
                                    .setVersion(nonce)
                                    .setResource(body));
                }
            }
            responses.onNext(response.build());
        }

        @Override
        void sendAdded(String typeUrl, String name) {
            send(typeUrl, List.of(name));
        }

        @Override
        public void onError(Throwable t) {
            leave(this);
        }

        @Override
        public void onCompleted() {
            leave(this);
        }
    }

    private synchronized void leave(Stream stream) {
        streams.remove(stream);
    }
}
