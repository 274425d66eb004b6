package dev.attache.agent.identity;

import dev.attache.agent.control.ControlPlane;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import dev.attache.agent.identity.ca.CertificateAuthority;
import dev.attache.agent.identity.ca.IstioAuthority;
import dev.attache.agent.identity.ca.VaultAuthority;
import dev.attache.agent.identity.ca.VaultSettings;
import dev.attache.agent.identity.file.FileWatch;
import dev.attache.agent.identity.file.KeyPairFiles;
import dev.attache.agent.identity.file.RootFile;
import dev.attache.agent.metrics.AgentMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses where the identity comes from, once, at the start: files in their well-known places, or
 * the authority that {@code CA_PROVIDER} names.
 *
 * @param watch notices files that change; the caller closes it
 */
public record IdentitySource(
        Environment environment,
        AgentFiles files,
        TrustBundle trust,
        FileWatch watch,
        AgentMetrics metrics) {

    private static final Logger LOG = LoggerFactory.getLogger("agent.cache");
    private static final String CREDENTIALS = "var/run/secrets/workload-spiffe-credentials";
    private static final String MOUNTED = "etc/certs";

    /**
     * Chooses.
     *
     * @param authority the server that signs where it is istiod
     * @throws IllegalArgumentException if variables name what is not there or not built
     */
    public WorkloadIdentity choose(ControlPlane authority) {
        IdentitySettings settings = IdentitySettings.of(environment, files);
        mend(settings.output());
        String provider = environment.text("CA_PROVIDER", "Citadel");
        if (provider.equals("GkeWorkloadCertificate")) {
            return platform(settings);
        }
        Path credentials = files.at(CREDENTIALS);
        if (Files.exists(credentials.resolve("cert-chain.pem"))
                && Files.exists(credentials.resolve("key.pem"))
                && Files.exists(credentials.resolve("root-cert.pem"))) {
            LOG.info(
                    "workload certificate files detected, creating secret manager without caClient");
            return ofFiles(credentials, settings);
        }
        Path mounted = files.at(MOUNTED);
        if (!writtenTo(mounted, settings)) {
            KeyPairFiles pair = pair(mounted);
            if (environment.truth("FILE_MOUNTED_CERTS", false) || pair.present()) {
                LOG.info("Workload is using file mounted certificates. Skipping connecting to CA");
                return ofFiles(mounted, settings);
            }
            preferMountedRoot(mounted.resolve("root-cert.pem"));
        }
        CertificateAuthority chosen = authority(provider, authority);
        LOG.info("CA Endpoint {}, provider {}", chosen.name(), provider);
        return new SignedIdentity(settings, chosen, trust, metrics);
    }

    /** Before the control plane is shown what lies there. */
    private static void mend(@Nullable CertificateOutput output) {
        try {
            if (output != null) {
                output.mend();
            }
        } catch (IOException e) {
            LOG.warn("{} is left as it is: {}", output.directory(), e.toString());
        }
    }

    private CertificateAuthority authority(String provider, ControlPlane istiod) {
        return switch (provider) {
            case "", "Citadel" ->
                    new IstioAuthority(
                            istiod, environment.text("ISTIO_META_CERT_SIGNER", ""), metrics);
            case "Vault" -> new VaultAuthority(VaultSettings.of(environment, files), metrics);
            default ->
                    throw new IllegalArgumentException(
                            "CA_PROVIDER="
                                    + provider
                                    + ": Citadel, Vault and GkeWorkloadCertificate are built");
        };
    }

    private WorkloadIdentity platform(IdentitySettings settings) {
        Path at = files.at(CREDENTIALS);
        KeyPairFiles pair =
                new KeyPairFiles(at.resolve("certificates.pem"), at.resolve("private_key.pem"));
        RootFile roots = new RootFile(at.resolve("ca_certificates.pem"));
        if (!pair.present() || !roots.present()) {
            throw new IllegalArgumentException(
                    "GKE workload certificate files ("
                            + pair.chain()
                            + ", "
                            + pair.key()
                            + ", "
                            + roots.file()
                            + ") not present");
        }
        return new FileIdentity(pair, roots, trust, watch, metrics, settings.output());
    }

    private WorkloadIdentity ofFiles(Path directory, IdentitySettings settings) {
        RootFile roots = new RootFile(directory.resolve("root-cert.pem"));
        return new FileIdentity(pair(directory), roots, trust, watch, metrics, settings.output());
    }

    private static KeyPairFiles pair(Path directory) {
        return new KeyPairFiles(directory.resolve("cert-chain.pem"), directory.resolve("key.pem"));
    }

    /** What this agent writes there itself it does not take for somebody else's. */
    private static boolean writtenTo(Path mounted, IdentitySettings settings) {
        CertificateOutput output = settings.output();
        return output != null
                && output.directory().toAbsolutePath().equals(mounted.toAbsolutePath());
    }

    /** A root that is mounted counts for peers in place of the authority's. */
    private void preferMountedRoot(Path file) {
        RootFile roots = new RootFile(file);
        if (!roots.present()) {
            return;
        }
        Runnable read =
                () -> {
                    try {
                        trust.file(roots.read());
                    } catch (IOException e) {
                        LOG.error(
                                "failed to generate secret for proxy from file: {}", e.toString());
                    }
                };
        watch.watch(file, read);
        read.run();
    }
}
