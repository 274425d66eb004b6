package dev.attache.conformance;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import dev.attache.config.load.ConfigLoader;
import dev.attache.config.load.TypeRegistry;
import dev.attache.config.load.UnknownFieldPolicy;
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
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * An aggregated control plane that says what a test tells it to say, right or wrong, over SotW and
 * delta streams, and keeps what it is asked. Any thread.
 */
final class ScriptedDiscovery implements AutoCloseable {
    private static final ConfigLoader LOADER =
            new ConfigLoader(new TypeRegistry(), UnknownFieldPolicy.REJECT);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(25);

    /** A resource under the name it is sent with. */
    record Named(String name, Message body) {}

    private final Map<String, Boolean> answers = new TreeMap<>();
    private final Map<String, TreeSet<String>> asked = new TreeMap<>();
    private int port;
    private int nonce;
    private int streams;
    private StreamObserver<DiscoveryResponse> sotw;
    private StreamObserver<DeltaDiscoveryResponse> delta;
    private Server server;

    /** Takes a port; nothing listens on it until {@link #listen}. */
    ScriptedDiscovery() {
        port = Ports.free();
    }

    int port() {
        return port;
    }

    /** Waits where somebody else's connection holds the port for a moment. */
    void listen() throws IOException {
        long end = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                server =
                        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                                .addService(new Service())
                                .build()
                                .start();
                return;
            } catch (IOException taken) {
                if (System.nanoTime() > end) {
                    throw taken;
                }
                java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
            }
        }
    }

    /** Every connection ends at once and new ones are refused. */
    void stop() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination(10, TimeUnit.SECONDS);
    }

    /** The stream ends without an error, as a control plane does that limits their age. */
    synchronized void endStream() {
        if (delta != null) {
            delta.onCompleted();
        } else {
            sotw.onCompleted();
        }
    }

    synchronized void failStream() {
        Exception failure = Status.INTERNAL.withDescription("scripted").asRuntimeException();
        if (delta != null) {
            delta.onError(failure);
        } else {
            sotw.onError(failure);
        }
    }

    static <T extends Message> T read(String yaml, T prototype) {
        return LOADER.yaml(yaml, "test", prototype, "test").orThrow().message();
    }

    /**
     * Sends a response and waits for what is said of it.
     *
     * @param type last part of the resources' type
     * @param removed names, for delta streams
     * @return "ack", "nack" or "no answer"
     */
    String send(String type, List<Named> resources, List<String> removed)
            throws InterruptedException {
        return answer(say(type, resources, removed));
    }

    /** Waits for what is said of the response of that nonce. */
    String answer(String sent) throws InterruptedException {
        if (!await(() -> answers.containsKey(sent))) {
            return "no answer";
        }
        synchronized (this) {
            return answers.get(sent) ? "ack" : "nack";
        }
    }

    /** Sends without waiting; returns the nonce. */
    synchronized String say(String type, List<Named> resources, List<String> removed) {
        String url = asked.keySet().stream().filter(t -> t.endsWith("." + type)).findFirst().get();
        String sent = String.valueOf(++nonce);
        if (delta != null) {
            DeltaDiscoveryResponse.Builder response =
                    DeltaDiscoveryResponse.newBuilder()
                            .setTypeUrl(url)
                            .setNonce(sent)
                            .addAllRemovedResources(removed);
            resources.forEach(each ->
                    response.addResources(
                            Resource.newBuilder()
                                    .setName(each.name())
                                    .setVersion(sent)
                                    .setResource(pack(each.body()))));
            delta.onNext(response.build());
        } else {
            DiscoveryResponse.Builder response =
                    DiscoveryResponse.newBuilder()
                            .setTypeUrl(url)
                            .setNonce(sent)
                            .setVersionInfo(sent);
            resources.forEach(each -> response.addResources(pack(each.body())));
            sotw.onNext(response.build());
        }
        return sent;
    }

    private static Any pack(Message body) {
        return body instanceof Any any ? any : Any.pack(body, "type.googleapis.com");
    }

    /** Waits until a stream after the nth is open and has asked for these types. */
    boolean awaitStream(int after, String... types) throws InterruptedException {
        return await(() -> streams > after && List.of(types).stream().allMatch(this::isAsked));
    }

    /** Waits until this stream has asked for the name. */
    boolean awaitAsked(String type, String name) throws InterruptedException {
        return await(() -> asked(type).contains(name));
    }

    synchronized int streams() {
        return streams;
    }

    /** What the present stream has asked for first of each type: what it subscribes anew. */
    synchronized List<String> subscriptions() {
        List<String> all = new ArrayList<>();
        asked.forEach(
                (type, names) -> all.add(type.substring(type.lastIndexOf('.') + 1) + " " + names));
        return all;
    }

    private synchronized boolean isAsked(String type) {
        return asked.keySet().stream().anyMatch(url -> url.endsWith("." + type));
    }

    private synchronized TreeSet<String> asked(String type) {
        return asked.entrySet().stream()
                .filter(e -> e.getKey().endsWith("." + type))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(new TreeSet<>());
    }

    private synchronized boolean await(java.util.function.BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            wait(100);
        }
        return true;
    }

    private synchronized void opened(
            StreamObserver<DiscoveryResponse> plain, StreamObserver<DeltaDiscoveryResponse> other) {
        sotw = plain;
        delta = other;
        streams++;
        asked.clear();
        notifyAll();
    }

    private synchronized void note(
            String type, List<String> names, String answered, boolean refused) {
        asked.computeIfAbsent(type, any -> new TreeSet<>()).addAll(names);
        if (!answered.isEmpty()) {
            answers.putIfAbsent(answered, !refused);
        }
        notifyAll();
    }

    @Override
    public void close() throws InterruptedException {
        if (server != null) {
            stop();
        }
    }

    private final class Service
            extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase {
        @Override
        public StreamObserver<DiscoveryRequest> streamAggregatedResources(
                StreamObserver<DiscoveryResponse> responses) {
            opened(responses, null);
            return new Requests<>() {
                @Override
                public void onNext(DiscoveryRequest request) {
                    note(
                            request.getTypeUrl(),
                            request.getResourceNamesList(),
                            request.getResponseNonce(),
                            request.hasErrorDetail());
                }
            };
        }

        @Override
        public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
                StreamObserver<DeltaDiscoveryResponse> responses) {
            opened(null, responses);
            return new Requests<>() {
                @Override
                public void onNext(DeltaDiscoveryRequest request) {
                    note(
                            request.getTypeUrl(),
                            request.getResourceNamesSubscribeList(),
                            request.getResponseNonce(),
                            request.hasErrorDetail());
                }
            };
        }
    }

    /** The end of a stream needs no answer: the test ends it, or the proxy is gone. */
    private abstract static class Requests<Q> implements StreamObserver<Q> {
        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }
}
