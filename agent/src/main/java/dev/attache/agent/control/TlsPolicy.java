package dev.attache.agent.control;

import dev.attache.agent.environment.Environment;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code COMPLIANCE_POLICY}: what the agent's own TLS may use, as Istio's {@code
 * EnforceGoCompliance} (pkg/model/fips.go) limits it. Keys and requests for certificates are not
 * touched by it, there or here.
 */
public enum TlsPolicy {
    /** What both sides agree on. */
    ANY("", List.of("TLSv1.3", "TLSv1.2"), List.of()),
    FIPS_140_2("fips-140-2", List.of("TLSv1.2"), List.of("P-256")),
    FIPS_140_3("fips-140-3", List.of("TLSv1.3", "TLSv1.2"), List.of("P-256", "P-384")),
    PQC("pqc", List.of("TLSv1.3"), List.of("X25519MLKEM768"));

    private static final Logger LOG = LoggerFactory.getLogger("agent");
    private static final String VARIABLE = "COMPLIANCE_POLICY";

    /** Of TLS 1.2. */
    private static final List<String> APPROVED =
            List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");

    private static final List<String> APPROVED_OF_1_3 =
            List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");

    private final String name;
    private final List<String> protocols;
    private final List<String> groups;

    TlsPolicy(String name, List<String> protocols, List<String> groups) {
        this.name = name;
        this.protocols = protocols;
        this.groups = groups;
    }

    /** The one that the variable names; one that nobody knows limits nothing and is said. */
    public static TlsPolicy of(Environment environment) {
        String wanted = environment.text(VARIABLE, "");
        for (TlsPolicy policy : values()) {
            if (policy.name.equals(wanted)) {
                return policy;
            }
        }
        LOG.warn("unknown compliance policy: \"{}\"", wanted);
        return ANY;
    }

    /**
     * Limits a client of gRPC.
     *
     * @throws IOException where this machine's TLS cannot be limited so
     */
    void limit(SslContextBuilder tls) throws IOException {
        tls.protocols(protocols);
        if (this == ANY) {
            return;
        }
        if (!OpenSsl.isAvailable()) {
            throw new IOException(
                    VARIABLE
                            + "="
                            + name
                            + " needs BoringSSL, which cannot be loaded here: "
                            + OpenSsl.unavailabilityCause());
        }
        tls.sslProvider(SslProvider.OPENSSL)
                .ciphers(suites())
                .option(OpenSslContextOption.GROUPS, groups.toArray(new String[0]));
    }

    private List<String> suites() {
        List<String> suites = new ArrayList<>();
        if (protocols.contains("TLSv1.3")) {
            suites.addAll(APPROVED_OF_1_3);
        }
        if (protocols.contains("TLSv1.2")) {
            suites.addAll(APPROVED);
        }
        return suites;
    }

    /**
     * The parameters of a client of the JDK.
     *
     * @throws IllegalArgumentException where the JDK has nothing that is allowed
     */
    public SSLParameters limited(SSLParameters parameters) {
        if (this == PQC) {
            throw new IllegalArgumentException(
                    VARIABLE
                            + "=pqc: the JDK's TLS, by which Vault is asked, has no X25519MLKEM768;"
                            + " take another policy, or another CA_PROVIDER");
        }
        if (this != ANY) {
            parameters.setProtocols(protocols.toArray(new String[0]));
            parameters.setCipherSuites(suites().toArray(new String[0]));
            parameters.setNamedGroups(
                    groups.stream()
                            .map(group -> group.equals("P-256") ? "secp256r1" : "secp384r1")
                            .toArray(String[]::new));
        }
        return parameters;
    }
}
