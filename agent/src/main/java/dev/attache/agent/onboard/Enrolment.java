package dev.attache.agent.onboard;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this machine is to become: its agent's files and what the system's files get. Immutable but
 * for the content of the files, which nobody changes.
 *
 * @param address of the control plane
 * @param files by path below the machine's root, in the order in which they are written
 * @param given the same paths, of those that were given as files, and which files these are
 * @param hosts lines for the file of hosts: address, then names
 * @param secret whether {@code cluster.env} has what others may not read
 */
record Enrolment(
        String address,
        Map<String, byte[]> files,
        Map<String, Path> given,
        List<String> hosts,
        boolean secret) {
    static final String ROOT = "etc/certs/root-cert.pem";
    static final String CHAIN = "etc/certs/cert-chain.pem";
    static final String KEY = "etc/certs/key.pem";
    static final String TOKEN = "var/run/secrets/tokens/istio-token";
    static final String VAULT_TOKEN = "etc/istio/vault-token";
    static final String VAULT_SECRET = "etc/istio/vault-secret-id";
    static final String VAULT_ROOT = "etc/istio/vault-root.pem";
    static final String CLUSTER = "var/lib/istio/envoy/cluster.env";
    static final String SIDECAR = "var/lib/istio/envoy/sidecar.env";
    static final String MESH = "etc/istio/config/mesh";

    Enrolment {
        files = new LinkedHashMap<>(files);
        given = Map.copyOf(given);
        hosts = List.copyOf(hosts);
    }

    /** Addresses by the names that the file of hosts will have. */
    Map<String, String> addresses() {
        Map<String, String> byName = new LinkedHashMap<>();
        for (String line : hosts) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            for (int i = 1; i < words.length; i++) {
                byName.put(words[i], words[0]);
            }
        }
        return byName;
    }

    /** As octal digits would say it: keys and tokens are for the agent alone. */
    String mode(String path) {
        boolean closed =
                List.of(KEY, TOKEN, VAULT_TOKEN, VAULT_SECRET).contains(path)
                        || secret && path.equals(CLUSTER);
        return closed ? "rw-------" : "rw-r--r--";
    }
}
