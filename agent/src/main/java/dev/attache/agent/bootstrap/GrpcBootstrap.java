package dev.attache.agent.bootstrap;

import dev.attache.agent.bootstrap.node.Node;
import dev.attache.agent.document.Json;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.mesh.ProxyConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The bootstrap of gRPC's own xDS clients, by which applications without a proxy are of the mesh:
 * they reach the control plane by the agent's socket. It stays when the agent ends.
 *
 * @see <a href="https://github.com/grpc/proposal/blob/master/A27-xds-global-load-balancing.md">gRFC
 *     A27</a>
 */
public final class GrpcBootstrap {

    private static final String PLACE = "./etc/istio/proxy/grpc-bootstrap.json";
    private static final String LISTENER_NAMES = "xds.istio.io/grpc/lds/inbound/%s";
    private static final String REFRESH = "900s";

    private GrpcBootstrap() {}

    /**
     * Writes it where {@code GRPC_XDS_BOOTSTRAP} says.
     *
     * @param certificates the directory that this agent writes key, chain and root to; empty where
     *     it writes none: they would be waited for
     * @return the file; null where that variable is empty
     * @throws IOException if it cannot be written
     */
    public static @org.jspecify.annotations.Nullable Path write(
            Node node,
            ProxyConfig config,
            Environment environment,
            AgentFiles files,
            String certificates)
            throws IOException {
        String name = environment.text("GRPC_XDS_BOOTSTRAP", PLACE);
        if (name.isEmpty()) {
            return null;
        }
        Path file = files.at(name);
        Path directory = file.getParent();
        if (directory != null) {
            PrivateDirectories.create(directory);
        }
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, Json.pretty(tree(node, config, certificates)) + "\n");
        Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    /** What is written. */
    static Map<String, Object> tree(Node node, ProxyConfig config, String certificates) {
        Map<String, Object> metadata = node.metadata().typedTree();
        metadata.put("GENERATOR", "grpc");
        Map<String, Object> self = new LinkedHashMap<>();
        self.put("id", node.id());
        self.put("metadata", metadata);
        self.put("locality", node.locality().tree());
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("server_uri", "unix:///" + Path.of(config.configPath(), "XDS").normalize());
        server.put("channel_creds", List.of(Map.of("type", "insecure")));
        server.put("server_features", List.of("xds_v3"));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("xds_servers", List.of(server));
        tree.put("node", self);
        if (!certificates.isEmpty()) {
            Map<String, Object> watched = new LinkedHashMap<>();
            watched.put("certificate_file", file(certificates, "cert-chain.pem"));
            watched.put("private_key_file", file(certificates, "key.pem"));
            watched.put("ca_certificate_file", file(certificates, "root-cert.pem"));
            watched.put("refresh_interval", REFRESH);
            Map<String, Object> provider = new LinkedHashMap<>();
            provider.put("plugin_name", "file_watcher");
            provider.put("config", watched);
            tree.put("certificate_providers", Map.of("default", provider));
        }
        tree.put("server_listener_resource_name_template", LISTENER_NAMES);
        return tree;
    }

    private static String file(String directory, String name) {
        return Path.of(directory, name).normalize().toString();
    }
}
