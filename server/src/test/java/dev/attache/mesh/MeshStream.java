package dev.attache.mesh;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.attache.conformance.Peers;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * What an istiod said to one proxy, recorded: its responses in order, without secrets. {@code
 * IstiodIT} writes them anew when it runs with {@code -Dattache.streams.write=true}.
 *
 * @param delta whether the proxy asked so
 */
record MeshStream(String name, boolean delta, List<Push> pushes) {
    /** Whether they are to be written. */
    static final boolean WRITTEN = Boolean.getBoolean("attache.streams.write");

    static final String CLUSTER = "type.googleapis.com/envoy.config.cluster.v3.Cluster";
    static final String LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener";
    static final String ROUTES = "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    static final String SECRET =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";

    private static final Set<String> WANTED =
            Set.of(
                    "1.27.9_base_server_DELTA_GRPC",
                    "1.27.9_base_client_GRPC",
                    "1.31.0_base_gw_DELTA_GRPC",
                    "1.31.0_ambient_server_DELTA_GRPC",
                    "1.31.0_ambient_wp_DELTA_GRPC");

    private static final Set<String> WILDCARD =
            Set.of(CLUSTER, LISTENER, "type.googleapis.com/istio.workload.Workload");

    /** One response: resources of a type that are there now, and names of those that are not. */
    record Push(String type, List<Resource> resources, List<String> removed) {
        List<String> names() {
            return resources.stream().map(Resource::getName).toList();
        }

        /** A response as it was recorded. */
        static Push of(Message response) {
            if (response instanceof DeltaDiscoveryResponse delta) {
                return new Push(
                        delta.getTypeUrl(),
                        delta.getResourcesList().stream().map(Push::onFreePorts).toList(),
                        delta.getRemovedResourcesList());
            }
            DiscoveryResponse whole = (DiscoveryResponse) response;
            return new Push(
                    whole.getTypeUrl(),
                    whole.getResourcesList().stream()
                            .map(each ->
                                    onFreePorts(
                                            Resource.newBuilder()
                                                    .setName(firstText(each))
                                                    .setVersion(whole.getVersionInfo())
                                                    .setResource(each)
                                                    .build()))
                            .toList(),
                    List.of());
        }

        /** The first field of all resources of the API is their name. */
        private static String firstText(Any resource) {
            try {
                CodedInputStream in = resource.getValue().newCodedInput();
                return in.readTag() == 10 ? in.readString() : "";
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Listeners that are bound take any port, so that tests do not get in each other's way. */
        private static Resource onFreePorts(Resource resource) {
            if (!resource.getResource().getTypeUrl().equals(LISTENER)) {
                return resource;
            }
            try {
                Listener listener = Listener.parseFrom(resource.getResource().getValue());
                boolean bound = !listener.hasBindToPort() || listener.getBindToPort().getValue();
                if (!bound || !listener.getAddress().hasSocketAddress()) {
                    return resource;
                }
                Listener.Builder free = listener.toBuilder().setTransparent(BoolValue.of(false));
                free.getAddressBuilder().getSocketAddressBuilder().setPortValue(0);
                free.getAddressBuilder().getSocketAddressBuilder().setAddress("127.0.0.1");
                free.clearAdditionalAddresses();
                return resource.toBuilder()
                        .setResource(Any.pack(free.build(), "type.googleapis.com"))
                        .build();
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Whether it is sent without being asked for its names. */
        boolean wildcard() {
            return WILDCARD.contains(type);
        }
    }

    private static Path folder() {
        return Peers.root().resolve("server/src/test/resources/mesh/streams");
    }

    /** Whether it is one of those that are kept, which together show what there is. */
    static boolean wanted(String version, String ground, MeshNode node, String manner) {
        return WANTED.contains(name(version, ground, node, manner));
    }

    private static String name(String version, String ground, MeshNode node, String manner) {
        return String.join("_", version, ground, node.name(), manner);
    }

    static void write(
            String version, String ground, MeshNode node, String manner, List<Message> responses)
            throws IOException {
        String name = name(version, ground, node, manner);
        Path file = Files.createDirectories(folder()).resolve(name + ".gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (Message each : responses) {
                if (!Push.of(each).type().equals(SECRET)) {
                    nameless(each).writeDelimitedTo(out);
                }
            }
        }
    }

    /** Without what istiod says of the machine that it runs on. */
    private static Message nameless(Message response) {
        return response instanceof DeltaDiscoveryResponse delta
                ? delta.toBuilder().clearControlPlane().build()
                : ((DiscoveryResponse) response).toBuilder().clearControlPlane().build();
    }

    /** All that are recorded, in the order of their names. */
    static List<MeshStream> all() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.sorted().map(MeshStream::read).toList();
        }
    }

    private static MeshStream read(Path file) {
        String name = file.getFileName().toString().replace(".gz", "");
        boolean delta = name.endsWith("DELTA_GRPC");
        List<Push> pushes = new ArrayList<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            Message next = next(in, delta);
            while (next != null) {
                pushes.add(Push.of(next));
                next = next(in, delta);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new MeshStream(name, delta, List.copyOf(pushes));
    }

    private static @Nullable Message next(InputStream in, boolean delta) throws IOException {
        return delta
                ? DeltaDiscoveryResponse.parser().parseDelimitedFrom(in)
                : DiscoveryResponse.parser().parseDelimitedFrom(in);
    }

    /** The proxy that it was said to. */
    MeshNode node() {
        MeshNode sidecar = name.contains("ambient") ? MeshNode.tunnelling() : MeshNode.sidecar();
        return Stream.of(sidecar, MeshNode.transparent(), MeshNode.gateway(), MeshNode.waypoint())
                .filter(node -> node.name().equals(name.split("_")[2]))
                .findFirst()
                .orElseThrow();
    }

    /** The resources of a type that are there at the end, by their names. */
    Map<String, Resource> last(String type) {
        Map<String, Resource> last = new TreeMap<>();
        for (Push push : pushes) {
            if (push.type().equals(type)) {
                push.resources().forEach(each -> last.put(each.getName(), each));
                push.removed().forEach(last::remove);
            }
        }
        return last;
    }

    Set<String> names(String type) {
        return last(type).keySet();
    }

    /** All of a type goes. */
    Push removal(String type) {
        return new Push(type, List.of(), List.copyOf(names(type)));
    }

    @Override
    public String toString() {
        return name;
    }
}
