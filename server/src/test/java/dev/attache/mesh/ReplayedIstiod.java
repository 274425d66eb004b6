package dev.attache.mesh;

import com.google.protobuf.Any;
import dev.attache.mesh.MeshStream.Push;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that says to one proxy what an istiod has said: each response when its names are
 * asked for and the one before it is answered. Secrets are made up. Any thread.
 */
final class ReplayedIstiod extends AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase
        implements AutoCloseable {
    private final boolean strict;
    private final Function<String, Secret> secrets;
    private final LoopbackGrpc server;
    private final List<Push> left = new ArrayList<>();
    private final Map<String, Topic> topics = new HashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private @Nullable Speaker speaker;
    private int nonce;

    /** How a stream says a response. */
    private interface Speaker {
        void say(Topic topic, Push push, String nonce);
    }

    /** A type of resources on the stream. */
    private static final class Topic {
        private final Set<String> subscribed = new HashSet<>();
        private final Map<String, Resource> said = new LinkedHashMap<>();
        private String unanswered = "";
    }

    /**
     * @param strict whether responses keep their order across types
     * @param secrets makes a secret of a name
     */
    ReplayedIstiod(boolean strict, Function<String, Secret> secrets) throws IOException {
        this.strict = strict;
        this.secrets = secrets;
        this.server = new LoopbackGrpc(this);
    }

    int port() {
        return server.port();
    }

    /** Adds to what is to be said. */
    synchronized void say(Collection<Push> more) {
        left.addAll(more);
        proceed();
    }

    /** Waits until all is said and answered; false where it is not in time. */
    synchronized boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!pending().isEmpty()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    /** What is left to be said, or not answered yet; empty where all is said. */
    synchronized String pending() {
        List<String> unanswered =
                topics.entrySet().stream()
                        .filter(topic -> !topic.getValue().unanswered.isEmpty())
                        .map(topic -> "unanswered " + topic.getKey())
                        .toList();
        if (left.isEmpty()) {
            return String.join(", ", unanswered);
        }
        Push first = left.getFirst();
        Set<String> missing = new HashSet<>(first.names());
        Topic topic = topics.get(first.type());
        missing.removeAll(topic == null ? Set.of() : topic.subscribed);
        return "%d left, first %s of which is not asked for %s %s"
                .formatted(left.size(), first.type(), missing, unanswered);
    }

    /** What the proxy refused, in its words, and forgets it. */
    synchronized List<String> takeRefusals() {
        List<String> taken = List.copyOf(refusals);
        refusals.clear();
        return taken;
    }

    private void proceed() {
        Speaker by = speaker;
        for (Push next = next(); next != null && by != null; next = next()) {
            left.remove(next);
            say(next, by);
        }
    }

    private void say(Push push, Speaker by) {
        Topic topic = topics.computeIfAbsent(push.type(), any -> new Topic());
        push.resources().forEach(each -> topic.said.put(each.getName(), each));
        push.removed().forEach(topic.said::remove);
        topic.unanswered = String.valueOf(++nonce);
        by.say(topic, push, topic.unanswered);
    }

    private @Nullable Push next() {
        Set<String> passed = new HashSet<>();
        for (Push each : left) {
            Topic topic = topics.get(each.type());
            boolean asked =
                    topic != null
                            && (each.wildcard() || topic.subscribed.containsAll(each.names()));
            boolean answered =
                    strict
                            ? topics.values().stream().allMatch(any -> any.unanswered.isEmpty())
                            : asked && topic.unanswered.isEmpty() && !passed.contains(each.type());
            if (asked && answered) {
                return each;
            }
            if (strict) {
                return null;
            }
            passed.add(each.type());
        }
        return null;
    }

    /** What every request says, whatever its manner. */
    private synchronized void asked(
            String type, String answers, String error, Collection<String> names) {
        Topic topic = topics.computeIfAbsent(type, any -> new Topic());
        if (!answers.isEmpty() && answers.equals(topic.unanswered)) {
            topic.unanswered = "";
        }
        if (!error.isEmpty()) {
            refusals.add(error);
        }
        if (type.equals(MeshStream.SECRET)) {
            names.stream()
                    .filter(name -> !topic.said.containsKey(name))
                    .forEach(name -> left.addFirst(made(name)));
        }
        proceed();
        notifyAll();
    }

    private Push made(String name) {
        Resource.Builder resource = Resource.newBuilder().setName(name).setVersion("1");
        resource.setResource(Any.pack(secrets.apply(name), "type.googleapis.com"));
        return new Push(MeshStream.SECRET, List.of(resource.build()), List.of());
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> proxy) {
        begin((topic, push, current) ->
                proxy.onNext(
                        DeltaDiscoveryResponse.newBuilder()
                                .setTypeUrl(push.type())
                                .setNonce(current)
                                .addAllResources(push.resources())
                                .addAllRemovedResources(push.removed())
                                .build()));
        return new Requests<>() {
            @Override
            public void onNext(DeltaDiscoveryRequest request) {
                synchronized (ReplayedIstiod.this) {
                    Topic topic = topics.computeIfAbsent(request.getTypeUrl(), t -> new Topic());
                    topic.subscribed.addAll(request.getResourceNamesSubscribeList());
                    topic.subscribed.removeAll(request.getResourceNamesUnsubscribeList());
                    request.getResourceNamesUnsubscribeList().forEach(topic.said::remove);
                }
                asked(
                        request.getTypeUrl(),
                        request.getResponseNonce(),
                        request.getErrorDetail().getMessage(),
                        request.getResourceNamesSubscribeList());
            }
        };
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> proxy) {
        begin((topic, push, current) ->
                proxy.onNext(
                        DiscoveryResponse.newBuilder()
                                .setTypeUrl(push.type())
                                .setVersionInfo(current)
                                .setNonce(current)
                                .addAllResources(
                                        topic.said.values().stream()
                                                .map(Resource::getResource)
                                                .toList())
                                .build()));
        return new Requests<>() {
            @Override
            public void onNext(DiscoveryRequest request) {
                synchronized (ReplayedIstiod.this) {
                    Topic topic = topics.computeIfAbsent(request.getTypeUrl(), t -> new Topic());
                    if (!request.getResourceNamesList().isEmpty()) {
                        topic.subscribed.clear();
                        topic.subscribed.addAll(request.getResourceNamesList());
                        topic.said.keySet().retainAll(topic.subscribed);
                    }
                }
                asked(
                        request.getTypeUrl(),
                        request.getResponseNonce(),
                        request.getErrorDetail().getMessage(),
                        request.getResourceNamesList());
            }
        };
    }

    private synchronized void begin(Speaker by) {
        topics.clear();
        speaker = by;
    }

    private abstract static class Requests<T> implements StreamObserver<T> {
        @Override
        public void onError(Throwable gone) {}

        @Override
        public void onCompleted() {}
    }

    @Override
    public void close() {
        server.close();
    }
}
