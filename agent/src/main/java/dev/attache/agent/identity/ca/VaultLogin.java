package dev.attache.agent.identity.ca;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that is shown to Vault: the one that is given, the one in the file as it is now, or the
 * one that a login with AppRole gave, until Vault does not accept it any more. A {@link VaultLease}
 * has it renewed meanwhile. One thread.
 */
final class VaultLogin implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("vault");

    private final VaultSettings settings;
    private final VaultClient client;
    private final VaultLease lease;
    private String token = "";

    VaultLogin(VaultSettings settings, VaultClient client) {
        this.settings = settings;
        this.client = client;
        this.lease = new VaultLease(client);
    }

    /** The token; after a login where there is none yet. */
    String token() throws IOException {
        if (settings.appRole() != null) {
            if (token.isEmpty()) {
                token = login(settings.appRole());
            }
            return token;
        }
        Path file = settings.tokenFile();
        String given = file == null ? settings.token() : read(file, "VAULT_TOKEN_FILE");
        if (!given.equals(token)) {
            token = given;
            lookUp();
        }
        return token;
    }

    /** Vault did not accept the token: whether another can be had. */
    boolean expired() {
        token = "";
        return settings.appRole() != null;
    }

    /** One word; what else is in such a file is not shown to anybody. */
    private static String read(Path file, String variable) throws VaultException {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw new VaultException(
                    file + " (" + variable + ") cannot be read: " + e.getClass().getSimpleName(),
                    "put it there, readable for the user of the agent",
                    e);
        }
        if (text.isEmpty()) {
            throw new VaultException(
                    file + " (" + variable + ") is empty", "write the token or id there", false);
        }
        if (!text.matches("[\\x21-\\x7e]+")) {
            throw new VaultException(
                    file + " (" + variable + ") has more than one word, or no text",
                    "write the token or id there, as one word",
                    false);
        }
        return text;
    }

    private String login(VaultSettings.AppRole role) throws IOException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role_id", role.roleId());
        String secret =
                role.secretIdFile() == null
                        ? role.secretId()
                        : read(role.secretIdFile(), "VAULT_SECRET_ID_FILE");
        if (!secret.isEmpty()) {
            message.put("secret_id", secret);
        }
        String path = "auth/" + role.mount() + "/login";
        Map<?, ?> answer = client.post(path, "", message);
        if (answer.get("auth") instanceof Map<?, ?> auth
                && auth.get("client_token") instanceof String given) {
            lease.hold(given, VaultLease.life(auth, "lease_duration"));
            return given;
        }
        throw new VaultException(
                settings.address() + " answers " + path + " without a token",
                "look at VAULT_APPROLE_MOUNT: it has to be an AppRole engine",
                false);
    }

    /** How long a given token lives. Whoever may not ask that has it renewed by others. */
    private void lookUp() {
        lease.hold(token, Duration.ZERO);
        try {
            Map<?, ?> answer = client.get("auth/token/lookup-self", token);
            if (answer.get("data") instanceof Map<?, ?> data) {
                lease.hold(token, VaultLease.life(data, "ttl"));
            }
        } catch (IOException e) {
            LOG.debug("the life of the token is not known, nor renewed: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        lease.close();
    }
}
