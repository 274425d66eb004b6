package dev.attache.agent.identity.ca;

import dev.attache.agent.control.LocalAddresses;
import dev.attache.agent.control.TlsPolicy;
import dev.attache.agent.control.TrustedRoots;
import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Where a Vault is and who this is there, by the variables of its own client and some beside.
 * Immutable; any thread.
 *
 * @param address {@code VAULT_ADDR}
 * @param namespace {@code VAULT_NAMESPACE}; empty for none
 * @param roots {@code VAULT_CACERT}; null for those of the system
 * @param mount {@code VAULT_PKI_MOUNT}: where the certificates are signed, {@code pki}
 * @param role {@code VAULT_PKI_ROLE}: what may be signed there
 * @param token {@code VAULT_TOKEN}; empty where it is in a file or there is AppRole
 * @param tokenFile {@code VAULT_TOKEN_FILE}, read for each request; null for none
 * @param policy what TLS may use
 * @param appRole {@code VAULT_ROLE_ID} and the others of AppRole; null for none
 * @param sources where connections to it leave from, as those to any authority
 */
public record VaultSettings(
        URI address,
        String namespace,
        @Nullable TrustedRoots roots,
        String mount,
        String role,
        String token,
        @Nullable Path tokenFile,
        TlsPolicy policy,
        @Nullable AppRole appRole,
        LocalAddresses sources) {

    /**
     * A machine's credentials.
     *
     * @param mount {@code VAULT_APPROLE_MOUNT}, {@code approle}
     * @param roleId which machine it is
     * @param secretId that it is this machine; empty where it is in a file or not asked for
     * @param secretIdFile {@code VAULT_SECRET_ID_FILE}, read for each login; null for none
     */
    public record AppRole(
            String mount, String roleId, String secretId, @Nullable Path secretIdFile) {

        @Override
        public String toString() {
            return "AppRole[" + mount + ", " + roleId + "]";
        }
    }

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException naming the one that is missing
     */
    public static VaultSettings of(Environment environment, AgentFiles files) {
        String address = environment.text("VAULT_ADDR", "");
        if (!address.startsWith("https://") && !address.startsWith("http://")) {
            throw new IllegalArgumentException(
                    "CA_PROVIDER=Vault needs VAULT_ADDR, such as https://vault.example:8200, not \""
                            + address
                            + "\"");
        }
        String role = path(environment, "VAULT_PKI_ROLE", "");
        if (role.isEmpty()) {
            throw new IllegalArgumentException(
                    "CA_PROVIDER=Vault needs VAULT_PKI_ROLE: the role of the PKI engine that signs");
        }
        AppRole appRole = appRole(environment, files);
        VaultSettings settings =
                new VaultSettings(
                        address(address),
                        word(environment, "VAULT_NAMESPACE"),
                        roots(environment, files),
                        path(environment, "VAULT_PKI_MOUNT", "pki"),
                        role,
                        word(environment, "VAULT_TOKEN"),
                        file(environment, files, "VAULT_TOKEN_FILE"),
                        TlsPolicy.of(environment),
                        appRole,
                        LocalAddresses.of(environment));
        if (settings.token.isEmpty() && settings.tokenFile == null && appRole == null) {
            throw new IllegalArgumentException(
                    "CA_PROVIDER=Vault needs VAULT_TOKEN, VAULT_TOKEN_FILE or VAULT_ROLE_ID");
        }
        // What the JDK cannot do is said at the start.
        settings.policy.limited(new SSLParameters());
        return settings;
    }

    private static URI address(String text) {
        try {
            URI address = new URI(text);
            if (address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("VAULT_ADDR is no address: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "VAULT_ADDR has no host: \"" + text + "\"; write it as https://vault.example:8200");
    }

    /** A part of a path, as Vault's own commands take it: slashes around it do not count. */
    private static String path(Environment environment, String name, String otherwise) {
        String value = environment.text(name, otherwise).strip().replaceAll("^/+|/+$", "");
        if (!value.matches("[\\w.@~/-]*")) {
            throw new IllegalArgumentException(
                    name + " is no name of an engine or role: \"" + value + "\"");
        }
        return value;
    }

    /** What goes into a header; it is not shown where it cannot, since it may be a secret. */
    private static String word(Environment environment, String name) {
        String value = environment.text(name, "").strip();
        if (!value.matches("[\\x21-\\x7e]*")) {
            throw new IllegalArgumentException(name + " is to be one word of printable characters");
        }
        return value;
    }

    private static @Nullable AppRole appRole(Environment environment, AgentFiles files) {
        String id = environment.text("VAULT_ROLE_ID", "");
        return id.isEmpty()
                ? null
                : new AppRole(
                        path(environment, "VAULT_APPROLE_MOUNT", "approle"),
                        id,
                        environment.text("VAULT_SECRET_ID", "").strip(),
                        file(environment, files, "VAULT_SECRET_ID_FILE"));
    }

    private static @Nullable TrustedRoots roots(Environment environment, AgentFiles files) {
        Path file = file(environment, files, "VAULT_CACERT");
        return file == null ? null : TrustedRoots.of(file);
    }

    private static @Nullable Path file(Environment environment, AgentFiles files, String name) {
        String value = environment.text(name, "");
        return value.isEmpty() ? null : files.at(value);
    }

    @Override
    public String toString() {
        return "VaultSettings[" + address + ", " + mount + "/" + role + "]";
    }
}
