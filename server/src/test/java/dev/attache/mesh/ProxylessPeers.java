package dev.attache.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.attache.conformance.PeerProcess;
import java.io.File;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** Java's own client and server of xDS as processes. */
final class ProxylessPeers {
    /**
     * A class of each jar that they need; with those of Envoy's API on one path they would clash.
     */
    private static final List<String> CLASSES =
            List.of(
                    "io/grpc/xds/XdsServerBuilder",
                    "io/grpc/ManagedChannel",
                    "io/grpc/internal/ManagedChannelImpl",
                    "io/grpc/stub/ClientCalls",
                    "io/grpc/protobuf/ProtoUtils",
                    "io/grpc/protobuf/lite/ProtoLiteUtils",
                    "io/grpc/util/RoundRobinLoadBalancer",
                    "io/grpc/util/MultiChildLoadBalancer",
                    "io/grpc/services/MetricReport",
                    "io/grpc/netty/shaded/io/grpc/netty/NettyChannelBuilder",
                    "io/grpc/alts/ComputeEngineChannelCredentials",
                    "io/grpc/auth/MoreCallCredentials",
                    "com/google/auth/Credentials",
                    "com/google/auth/oauth2/GoogleCredentials",
                    "com/google/common/collect/ImmutableList",
                    "com/google/common/util/concurrent/internal/InternalFutureFailureAccess",
                    "com/google/gson/Gson",
                    "com/google/re2j/Pattern",
                    "com/google/protobuf/CodedInputStream",
                    "com/google/protobuf/util/JsonFormat",
                    "com/google/longrunning/Operation",
                    "io/perfmark/PerfMark");

    private ProxylessPeers() {}

    /**
     * Starts one.
     *
     * @param bootstrap what an agent has written for it
     * @param arguments as the program describes them
     */
    static PeerProcess start(Path home, Path bootstrap, String... arguments) throws Exception {
        URL source = ProxylessPeers.class.getResource("/proxyless/ProxylessPeer.java");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--class-path",
                                jars(),
                                Path.of(source.toURI()).toString()));
        command.addAll(List.of(arguments));
        return PeerProcess.start(
                Files.createDirectories(home),
                Map.of("GRPC_XDS_BOOTSTRAP", bootstrap.toString()),
                command);
    }

    private static String jars() throws Exception {
        StringJoiner jars = new StringJoiner(File.pathSeparator);
        for (String name : CLASSES) {
            URL found = ProxylessPeers.class.getClassLoader().getResource(name + ".class");
            assertThat(found).as(name).isNotNull();
            URL jar = ((JarURLConnection) found.openConnection()).getJarFileURL();
            jars.add(Path.of(jar.toURI()).toString());
        }
        return jars.toString();
    }
}
