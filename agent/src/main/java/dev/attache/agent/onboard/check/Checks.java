package dev.attache.agent.onboard.check;

import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.control.ControlPlaneSettings;
import dev.attache.agent.control.Discovery;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.pem.Certificates;
import dev.attache.agent.pem.PrivateKeys;
import io.envoyproxy.envoy.config.core.v3.Node;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * All checks, one after the other, with the files as the agent will find them.
 *
 * @param directory has the files where they will be below the machine's root
 * @param variables of the agent
 * @param given addresses by name that will be written to the file of hosts
 */
public record Checks(
        Path directory,
        Map<String, String> variables,
        Map<String, String> given,
        Findings findings) {

    private static final String SOCKET = "var/run/secrets/workload-spiffe-uds/socket";

    /**
     * The root that the server shows, where its fingerprint is known.
     *
     * @return PEM
     */
    public static String root(
            ServerAddress server, Map<String, String> given, String fingerprint, Findings findings)
            throws CheckFailure {
        InetSocketAddress at = server.connect(server.resolve(given, findings), findings);
        X509Certificate root = ServerCertificate.fetch(at, server.host()).root(fingerprint);
        findings.good(Subject.TLS, "the root has the fingerprint that was given");
        return pem(root);
    }

    private static String pem(X509Certificate certificate) throws CheckFailure {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder(64, new byte[] {'\n'})
                            .encodeToString(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new CheckFailure(
                    Subject.TLS, "the root cannot be written: " + e.getMessage(), "copy its file");
        }
    }

    /** Runs them until one fails. */
    public void run(ServerAddress server) throws CheckFailure {
        InetSocketAddress at = server.connect(server.resolve(given, findings), findings);
        Instant now = Instant.now();
        ServerCertificate shown = ServerCertificate.fetch(at, server.host());
        shown.judgeChain(roots());
        findings.good(Subject.TLS, "the server's certificate comes from the root that was given");
        shown.judgeDates(now);
        findings.good(Subject.CLOCK, "this clock is within the dates of the server's certificate");
        shown.judgeName();
        findings.good(Subject.TLS_NAME, "it is of " + server.host());
        credentials(now);
        ControlPlaneSettings settings = settings(server);
        AgentFiles files = new AgentFiles(directory);
        if (socket()) {
            new SocketCheck(
                            directory.resolve(SOCKET),
                            variables.getOrDefault("POD_NAMESPACE", ""),
                            variables.getOrDefault("SERVICE_ACCOUNT", ""),
                            findings)
                    .run();
        } else {
            new AuthorityCheck(new Environment(variables), files, findings)
                    .sign(reached(settings.authority(), server, at));
        }
        Node node = NodeMessage.of(variables);
        ControlPlane discovery = reached(settings(server).discovery(), server, at);
        new DiscoveryCheck(discovery, node, findings).run();
    }

    private ControlPlaneSettings settings(ServerAddress server) throws CheckFailure {
        String host = server.host().contains(":") ? "[" + server.host() + "]" : server.host();
        try {
            return ControlPlaneSettings.of(
                    new Environment(variables),
                    new Discovery(host + ":" + server.port(), true, Map.of()),
                    new AgentFiles(directory));
        } catch (IllegalArgumentException e) {
            throw new CheckFailure(
                    Subject.CREDENTIAL,
                    String.valueOf(e.getMessage()),
                    "change cluster.env, or leave the variable out");
        }
    }

    /** The same server by the address that was found, since the name may not be known yet. */
    private static ControlPlane reached(
            ControlPlane server, ServerAddress address, InetSocketAddress at) {
        return server.host().equals(address.host()) && server.address().endsWith(":" + at.getPort())
                ? server.at(ServerAddress.words(at))
                : server;
    }

    private List<X509Certificate> roots() throws CheckFailure {
        Path file = directory.resolve("etc/certs/root-cert.pem");
        try {
            return Certificates.readAll(Files.readString(file));
        } catch (IOException | CertificateException e) {
            throw new CheckFailure(
                    Subject.TLS,
                    "the root in " + file + " cannot be read: " + e.getMessage(),
                    "give a file in PEM form with --root-cert: it begins with -----BEGIN"
                            + " CERTIFICATE-----");
        }
    }

    private void credentials(Instant now) throws CheckFailure {
        Path token = new AgentFiles(directory).token();
        Path chain = directory.resolve("etc/certs/cert-chain.pem");
        String namespace = variables.getOrDefault("POD_NAMESPACE", "");
        String account = variables.getOrDefault("SERVICE_ACCOUNT", "");
        if (Files.exists(chain)) {
            certificate(chain, now, namespace, account);
        } else if (Files.exists(token)) {
            Token.read(token).judge(now, namespace, account, findings);
        } else if (variables.getOrDefault("CA_PROVIDER", "").equals("Vault")) {
            findings.skipped(Subject.CREDENTIAL, "Vault signs; its own answer is what counts");
        } else {
            throw new CheckFailure(
                    Subject.CREDENTIAL,
                    "there is neither a token nor a certificate to show to the control plane",
                    "give --token FILE (`kubectl create token ACCOUNT -n NAMESPACE --audience"
                            + " istio-ca`), or --certificate and --key, or Vault's settings"
                            + " (--vault-address)");
        }
    }

    private void certificate(Path chain, Instant now, String namespace, String account)
            throws CheckFailure {
        X509Certificate own;
        try {
            own = Certificates.readAll(Files.readString(chain)).getFirst();
            PrivateKeys.read(Files.readString(directory.resolve("etc/certs/key.pem")));
        } catch (IOException | CertificateException | IllegalArgumentException e) {
            throw new CheckFailure(
                    Subject.CREDENTIAL,
                    "certificate and key cannot be read: " + e.getMessage(),
                    "give both in PEM form: --certificate FILE --key FILE");
        }
        if (now.isAfter(own.getNotAfter().toInstant())) {
            throw new CheckFailure(
                    Subject.CREDENTIAL,
                    "the certificate has expired at " + own.getNotAfter().toInstant(),
                    "give a newer one, or a token");
        }
        String name = ServerCertificate.spiffe(own);
        if (!name.endsWith("/ns/" + namespace + "/sa/" + account)) {
            throw new CheckFailure(
                    Subject.IDENTITY,
                    "the certificate is of \"%s\", but this workload is to be %s/%s"
                            .formatted(name, namespace, account),
                    "give the --namespace and --service-account of the certificate");
        }
        findings.good(Subject.CREDENTIAL, "certificate of " + name);
    }

    private boolean socket() {
        return Files.exists(directory.resolve(SOCKET));
    }
}
