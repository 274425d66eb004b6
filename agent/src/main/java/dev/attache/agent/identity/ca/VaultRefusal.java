package dev.attache.agent.identity.ca;

import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;

/**
 * Says in words why a Vault did not do what was asked, and what to do. The words of its errors are
 * those of OpenBao 2.6 and Vault 1; what is not known is handed on as it was said. Stateless.
 *
 * @param address of the Vault
 * @param path what was asked, behind {@code /v1/}
 */
record VaultRefusal(URI address, String path) {

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int STANDBY = 429;
    private static final int UNINITIALIZED = 501;
    private static final int UNAVAILABLE = 503;

    /** Words of an error, and what to do about them. The first that is found counts. */
    private static final Map<String, String> REMEDIES =
            Map.ofEntries(
                    Map.entry(
                            "unknown role",
                            "VAULT_PKI_ROLE (--vault-role) has to be one of `vault list"
                                    + " MOUNT/roles`"),
                    Map.entry(
                            "role requires keys of type",
                            "set key_type=any in the role, or ECC_SIGNATURE_ALGORITHM=ECDSA for keys"
                                    + " of its type"),
                    Map.entry(
                            "role requires a minimum",
                            "set WORKLOAD_RSA_KEY_SIZE (or ECC_CURVE) to what the role wants, or"
                                    + " key_bits in the role"),
                    Map.entry(
                            "common_name field is required",
                            "set require_cn=false in the role: a workload's name is a URI"),
                    Map.entry(
                            "URI Subject Alternative Name",
                            "set allowed_uri_sans=spiffe://TRUST_DOMAIN/ns/* in the role; the name"
                                    + " is made of TRUST_DOMAIN, POD_NAMESPACE and SERVICE_ACCOUNT"),
                    Map.entry(
                            "beyond the expiration of the CA certificate",
                            "ask for less with SECRET_TTL, or renew the authority's certificate"),
                    Map.entry(
                            "invalid role or secret ID",
                            "VAULT_ROLE_ID and VAULT_SECRET_ID (or VAULT_SECRET_ID_FILE) have to"
                                    + " belong together, and the secret id may have expired or been"
                                    + " used up: `vault write -f auth/approle/role/NAME/secret-id`"),
                    Map.entry(
                            "invalid role ID", "give the role_id of the AppRole in VAULT_ROLE_ID"),
                    Map.entry(
                            "invalid role_id", "give the role_id of the AppRole in VAULT_ROLE_ID"),
                    Map.entry(
                            "invalid secret id",
                            "make another: `vault write -f auth/approle/role/NAME/secret-id`"),
                    Map.entry(
                            "missing secret_id",
                            "give VAULT_SECRET_ID or VAULT_SECRET_ID_FILE: this AppRole wants one"),
                    Map.entry(
                            "no default issuer",
                            "make an issuer in this engine, or name another by VAULT_PKI_MOUNT"),
                    Map.entry("HTTP request to an HTTPS server", "write VAULT_ADDR with https://"));

    /** What an answer says that is none of those wanted. */
    VaultException of(int status, List<String> errors, String body) {
        String said = errors.isEmpty() ? body : String.join("; ", errors);
        boolean counted = said.matches("(?s)\\d+ errors? occurred:.*");
        String text =
                said.replaceFirst("^\\d+ errors? occurred:\\s*\\* ", "")
                        .replaceAll("\\s+\\* ", "; ")
                        .replaceAll("\\s+", " ")
                        .strip();
        String what =
                address
                        + " answers "
                        + status
                        + " to "
                        + path
                        + (text.isEmpty()
                                ? ""
                                : ": " + text.substring(0, Math.min(500, text.length())));
        if (text.contains("is sealed")) {
            return new VaultException(
                    address + " is sealed (" + status + " to " + path + ")",
                    "unseal it (`vault operator unseal`); it signs nothing before",
                    false);
        }
        return new VaultException(what, remedy(status, text, counted), status == FORBIDDEN);
    }

    /**
     * What to do.
     *
     * @param counted whether the errors were counted: so are those of policies, not those of tokens
     */
    private String remedy(int status, String text, boolean counted) {
        for (Map.Entry<String, String> known : REMEDIES.entrySet()) {
            if (text.contains(known.getKey())) {
                return known.getValue();
            }
        }
        return switch (status) {
            case FORBIDDEN -> forbidden(counted && !text.contains("invalid token"));
            case NOT_FOUND ->
                    "nothing is mounted there: VAULT_PKI_MOUNT and VAULT_APPROLE_MOUNT name the"
                            + " engines, VAULT_NAMESPACE the namespace, VAULT_ADDR the server";
            case STANDBY -> "this server is a standby: name the active one in VAULT_ADDR";
            case UNINITIALIZED -> "initialize it: `vault operator init`";
            case UNAVAILABLE -> "it is not in service: look at its log";
            default -> "look at Vault's log at this moment";
        };
    }

    private String forbidden(boolean byPolicy) {
        if (path.startsWith("auth/") && path.endsWith("/login")) {
            return "nothing is mounted there: VAULT_APPROLE_MOUNT names the engine of AppRole";
        }
        return byPolicy
                ? "the token's policy has to allow `update` on "
                        + path
                        + " (`vault token capabilities "
                        + path
                        + "`), if that is the path: VAULT_PKI_MOUNT and VAULT_PKI_ROLE make it"
                : "the token has expired, was revoked or is of another Vault: give another (`vault"
                        + " token lookup` tells its life)";
    }

    /** What stood in the way of an answer. */
    VaultException of(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof java.net.UnknownHostException) {
                return new VaultException(
                        "the name " + address.getHost() + " has no address",
                        "look at VAULT_ADDR, DNS and /etc/hosts",
                        failure);
            }
            if (cause instanceof SSLException tls) {
                return tls(tls);
            }
        }
        return switch (failure) {
            case HttpConnectTimeoutException ignored ->
                    new VaultException(
                            address + " does not take a connection in time",
                            "look for a firewall or a wrong address in VAULT_ADDR",
                            failure);
            case HttpTimeoutException ignored ->
                    new VaultException(
                            address + " did not answer in time",
                            "look at its load and log",
                            failure);
            case java.net.NoRouteToHostException ignored ->
                    new VaultException(
                            "there is no way to " + address,
                            "look at this machine's routes",
                            failure);
            case java.net.ConnectException ignored ->
                    new VaultException(
                            address + " refuses the connection: nothing listens there",
                            "look at VAULT_ADDR (its usual port is 8200) and whether Vault runs",
                            failure);
            default ->
                    new VaultException(
                            "no answer of " + address + " to " + path + ": " + failure,
                            "look at Vault's log at this moment",
                            failure);
        };
    }

    private VaultException tls(SSLException failure) {
        String text = String.valueOf(failure.getMessage());
        String remedy = "look at what stands between, and at Vault's TLS settings";
        if (text.contains("path building failed") || text.contains("path validation failed")) {
            remedy = "name the root of its certificate in VAULT_CACERT";
        } else if (text.contains("No subject alternative") || text.contains("No name matching")) {
            remedy = "write VAULT_ADDR with a name that its certificate has";
        } else if (text.contains("Unsupported or unrecognized SSL message")) {
            remedy = "no TLS is spoken there: if that is meant, write VAULT_ADDR with http://";
        }
        return new VaultException("no TLS with " + address + ": " + text, remedy, failure);
    }
}
