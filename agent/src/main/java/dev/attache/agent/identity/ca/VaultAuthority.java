package dev.attache.agent.identity.ca;

import dev.attache.agent.metrics.AgentMetrics;
import dev.attache.agent.pem.Certificates;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The PKI engine of a Vault (or OpenBao): {@code POST /v1/MOUNT/sign/ROLE}. The role has to allow
 * the workload's name: {@code require_cn=false}, {@code allowed_uri_sans}, {@code
 * use_csr_sans=true}.
 */
public final class VaultAuthority implements CertificateAuthority {

    private static final Logger LOG = LoggerFactory.getLogger("vault");
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final VaultSettings settings;
    private final VaultClient client;
    private final VaultLogin login;
    private final OutgoingRequests requests;

    public VaultAuthority(VaultSettings settings, AgentMetrics metrics) {
        this(settings, metrics, LIMIT);
    }

    VaultAuthority(VaultSettings settings, AgentMetrics metrics, Duration limit) {
        this.settings = settings;
        this.client = new VaultClient(settings, limit);
        this.login = new VaultLogin(settings, client);
        this.requests = new OutgoingRequests(metrics);
    }

    @Override
    public String name() {
        return "Vault " + settings.address() + " " + settings.mount() + "/" + settings.role();
    }

    @Override
    public SignedCertificate sign(String request, Duration validity) throws IOException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("csr", request);
        message.put("ttl", validity.toSeconds() + "s");
        message.put("format", "pem");
        message.put("exclude_cn_from_sans", true);
        Map<?, ?> answer = requests.timed(() -> post(message));
        warn(answer);
        return read(answer);
    }

    /** Twice where the token of a login has run out. */
    private Map<?, ?> post(Map<String, Object> message) throws IOException {
        String path = settings.mount() + "/sign/" + settings.role();
        try {
            return client.post(path, login.token(), message);
        } catch (VaultException e) {
            if (!e.forbidden() || !login.expired()) {
                throw e;
            }
            return client.post(path, login.token(), message);
        }
    }

    /** What Vault did otherwise than asked: a shorter life, for instance. */
    private void warn(Map<?, ?> answer) {
        if (answer.get("warnings") instanceof List<?> all) {
            all.forEach(one -> LOG.warn("{} says: {}", name(), one));
        }
    }

    private SignedCertificate read(Map<?, ?> answer) throws IOException {
        Map<?, ?> data = answer.get("data") instanceof Map<?, ?> map ? map : Map.of();
        if (!(data.get("certificate") instanceof String own)) {
            throw new IOException(name() + " answers without a certificate");
        }
        List<String> above = new ArrayList<>();
        if (data.get("ca_chain") instanceof List<?> list) {
            list.forEach(one -> above.addAll(Certificates.split(String.valueOf(one))));
        }
        if (above.isEmpty() && data.get("issuing_ca") instanceof String issuer) {
            above.addAll(Certificates.split(issuer));
        }
        if (above.isEmpty()) {
            throw new IOException(name() + " answers without the authority's certificate");
        }
        List<String> chain = new ArrayList<>(List.of(own));
        chain.addAll(above);
        return new SignedCertificate(chain, roots(above));
    }

    /** Those that sign themselves; where Vault does not tell them, the topmost it knows. */
    private List<String> roots(List<String> above) throws IOException {
        List<String> roots = new ArrayList<>();
        for (String one : above) {
            try {
                X509Certificate certificate = Certificates.read(one);
                if (certificate
                        .getSubjectX500Principal()
                        .equals(certificate.getIssuerX500Principal())) {
                    roots.add(one);
                }
            } catch (CertificateException e) {
                throw new IOException(name() + " answers what is no certificate: " + e, e);
            }
        }
        return roots.isEmpty() ? List.of(above.getLast()) : roots;
    }

    @Override
    public void close() {
        login.close();
    }
}
