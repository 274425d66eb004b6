import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The control plane of the packages' test: java-control-plane with one listener, given in a file of protobuf's text. */
void main(String[] arguments) throws Exception {
    Listener.Builder listener = Listener.newBuilder();
    com.google.protobuf.TextFormat.Parser.newBuilder()
            .setTypeRegistry(
                    com.google.protobuf.TypeRegistry.newBuilder()
                            .add(
                                    List.of(
                                            io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3
                                                    .HttpConnectionManager.getDescriptor(),
                                            io.envoyproxy.envoy.extensions.filters.http.router.v3.Router.getDescriptor()))
                            .build())
            .build()
            .merge(Files.readString(Path.of(arguments[1])), listener);
    SimpleCache<String> cache = new SimpleCache<>(node -> "all");
    cache.setSnapshot("all", Snapshot.create(List.of(), List.of(), List.of(listener.build()), List.of(), List.of(), "1"));
    V3DiscoveryServer server = new V3DiscoveryServer(cache);
    NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])))
            .addService(server.getAggregatedDiscoveryServiceImpl())
            .build()
            .start()
            .awaitTermination();
}
