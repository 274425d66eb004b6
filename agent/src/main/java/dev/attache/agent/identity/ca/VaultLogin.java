package dev.attache.agent.identity.ca;

import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The token that is shown to Vault: the one that is given, the one in the file as it is now, or the
 * one that a login with AppRole gave, until Vault does not accept it any more. One thread.
 */
final class VaultLogin {

    private final VaultSettings settings;
    private final VaultClient client;
    private String token = "";

    VaultLogin(VaultSettings settings, VaultClient client) {
        this.settings = settings;
        this.client = client;
    }

    /** The token; after a login where there is none yet. */
    String token() throws IOException {
        if (settings.appRole() == null) {
            return settings.tokenFile() == null
                    ? settings.token()
                    : Files.readString(settings.tokenFile()).strip();
        }
        if (token.isEmpty()) {
            token = login(settings.appRole());
        }
        return token;
    }

    /** Vault did not accept the token: whether another can be had. */
    boolean expired() {
        token = "";
        return settings.appRole() != null;
    }

    private String login(VaultSettings.AppRole role) throws IOException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("role_id", role.roleId());
        String secret =
                role.secretIdFile() == null
                        ? role.secretId()
                        : Files.readString(role.secretIdFile()).strip();
        if (!secret.isEmpty()) {
            message.put("secret_id", secret);
        }
        String path = "auth/" + role.mount() + "/login";
        Map<?, ?> answer = client.post(path, "", message);
        if (answer.get("auth") instanceof Map<?, ?> auth
                && auth.get("client_token") instanceof String given) {
            return given;
        }
        throw new IOException(settings.address() + " answers " + path + " without a token");
    }
}
