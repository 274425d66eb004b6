package dev.attache.agent.control;

import dev.attache.agent.control.ControlPlane.Keepalive;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two servers the agent speaks with, by the variables and in the precedence of Istio's agent
 * ({@code pkg/istio-agent/agent.go}, {@code pilot/pkg/grpc/tls.go}). Immutable; any thread.
 *
 * @param discovery gives the resources
 * @param authority signs the workload's certificate; often the same process
 */
public record ControlPlaneSettings(ControlPlane discovery, ControlPlane authority) {

    private static final String ROOT_FILE = "root-cert.pem";
    private static final String SYSTEM = "SYSTEM";
    private static final String PLAIN_AUTHORITY = ":15010";
    private static final String IN_CLUSTER = "istiod.istio-system.svc";

    /**
     * Reads the variables. What is wrong with the roots is said when a channel is opened.
     *
     * @throws IllegalArgumentException if variables contradict each other or name what is not built
     */
    public static ControlPlaneSettings of(
            Environment environment, Discovery discovery, AgentFiles files) {
        ControlPlaneSettings read = new Reading(environment, discovery, files).settings();
        LocalAddresses sources = LocalAddresses.of(environment);
        TlsPolicy policy = TlsPolicy.of(environment);
        return new ControlPlaneSettings(
                read.discovery.from(sources, policy), read.authority.from(sources, policy));
    }

    private record Reading(Environment environment, Discovery discovery, AgentFiles files) {

        ControlPlaneSettings settings() {
            refuse();
            String own = environment.text("ISTIOD_SAN", "");
            String given = environment.text("CA_ADDR", "");
            String authority = given.isEmpty() ? discovery.address() : given;
            Keepalive keepalive =
                    new Keepalive(
                            environment.duration("GRPC_KEEPALIVE_INTERVAL", Duration.ofSeconds(30)),
                            environment.duration("GRPC_KEEPALIVE_TIMEOUT", Duration.ofSeconds(10)));
            return new ControlPlaneSettings(
                    new ControlPlane(
                            discovery.address(),
                            serverName(discovery.address(), own),
                            !discovery.mutualTls(),
                            rootsForDiscovery(),
                            certificateForDiscovery(),
                            files.token(),
                            headers("XDS_HEADER_"),
                            keepalive),
                    new ControlPlane(
                            authority,
                            serverName(authority, given.isEmpty() ? own : ""),
                            authority.endsWith(PLAIN_AUTHORITY),
                            rootsForAuthority(),
                            provisioned(),
                            files.token(),
                            headers("CA_HEADER_"),
                            keepalive));
        }

        private void refuse() {
            if (!environment.text("PROV_CERT", "").isEmpty() && fileMounted()) {
                throw new IllegalArgumentException(
                        "invalid options: PROV_CERT and FILE_MOUNTED_CERTS are mutually exclusive");
            }
            String fetcher = environment.text("CREDENTIAL_FETCHER_TYPE", "JWT");
            if (!fetcher.isEmpty() && !fetcher.equals("JWT")) {
                throw new IllegalArgumentException(
                        "CREDENTIAL_FETCHER_TYPE="
                                + fetcher
                                + ": only JWT is built; mount a token, or use PROV_CERT");
            }
            if (!environment.text("XDS_AUTH_PROVIDER", "").isEmpty()) {
                throw new IllegalArgumentException(
                        "XDS_AUTH_PROVIDER is not built; leave it out, or send what the control"
                                + " plane wants by XDS_HEADER_ variables");
            }
        }

        private boolean fileMounted() {
            return environment.truth("FILE_MOUNTED_CERTS", false);
        }

        private static String serverName(String address, String own) {
            if (!own.isEmpty()) {
                return own;
            }
            String host = ControlPlane.host(address);
            return host.contains("localhost") ? IN_CLUSTER : host;
        }

        private Map<String, String> headers(String prefix) {
            Map<String, String> headers = new LinkedHashMap<>();
            environment
                    .startingWith(prefix)
                    .forEach((name, value) ->
                            headers.put(
                                    name.substring(prefix.length()).toLowerCase(Locale.ROOT),
                                    value));
            headers.put("clusterid", environment.text("ISTIO_META_CLUSTER_ID", ""));
            return headers;
        }

        private TrustedRoots rootsForDiscovery() {
            String own = environment.text("XDS_ROOT_CA", "");
            Path mounted = files.at("etc/certs").resolve(ROOT_FILE);
            if (!own.isEmpty()) {
                return own.equals(SYSTEM) ? system("XDS_ROOT_CA") : TrustedRoots.of(files.at(own));
            }
            if (Files.isRegularFile(mounted)) {
                return TrustedRoots.of(mounted);
            }
            return rest("XDS", fileMounted());
        }

        private TrustedRoots rootsForAuthority() {
            String own = environment.text("CA_ROOT_CA", "");
            if (!own.isEmpty()) {
                return own.equals(SYSTEM) ? system("CA_ROOT_CA") : TrustedRoots.of(files.at(own));
            }
            if (environment.text("PILOT_CERT_PROVIDER", "istiod").equals("custom")) {
                return TrustedRoots.of(files.at("etc/certs").resolve(ROOT_FILE));
            }
            return rest("CA", false);
        }

        private TrustedRoots rest(String purpose, boolean byMetadata) {
            String provisioned = environment.text("PROV_CERT", "");
            if (!provisioned.isEmpty()) {
                return TrustedRoots.of(files.at(provisioned).resolve(ROOT_FILE));
            }
            if (byMetadata) {
                String named = metadata("ISTIO_META_TLS_CLIENT_ROOT_CERT");
                return named.isEmpty()
                        ? TrustedRoots.none(
                                "FILE_MOUNTED_CERTS wants ISTIO_META_TLS_CLIENT_ROOT_CERT in the"
                                        + " proxyMetadata: the root of the control plane")
                        : TrustedRoots.of(files.at(named));
            }
            if (environment.text("PILOT_CERT_PROVIDER", "istiod").equals("none")) {
                return TrustedRoots.none(
                        "root CA file for "
                                + purpose
                                + " required but configured provider as none: set "
                                + purpose
                                + "_ROOT_CA");
            }
            return TrustedRoots.of(files.istiodRoot());
        }

        private static TrustedRoots system(String variable) {
            Path file = SystemRoots.find();
            return file == null
                    ? TrustedRoots.none(
                            variable + "=SYSTEM: this system keeps no roots where they are known")
                    : TrustedRoots.of(file);
        }

        private @Nullable ClientCertificate provisioned() {
            String directory = environment.text("PROV_CERT", "");
            return directory.isEmpty()
                    ? null
                    : new ClientCertificate(
                            files.at(directory).resolve("cert-chain.pem"),
                            files.at(directory).resolve("key.pem"));
        }

        private @Nullable ClientCertificate certificateForDiscovery() {
            String chain = metadata("ISTIO_META_TLS_CLIENT_CERT_CHAIN");
            String key = metadata("ISTIO_META_TLS_CLIENT_KEY");
            return fileMounted() && !chain.isEmpty() && !key.isEmpty()
                    ? new ClientCertificate(files.at(chain), files.at(key))
                    : provisioned();
        }

        private String metadata(String name) {
            String value = discovery.proxyMetadata().get(name);
            return value == null ? "" : value;
        }
    }
}
