package dev.attache.agent.onboard;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * What flags, and the variables made of them and of {@code cluster.env}, have to be: each is named
 * with what it is to be, before anything is connected to.
 *
 * @param variables of the agent
 */
record EnrolmentRules(OnboardFlags flags, Map<String, String> variables) {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    private static final String NAME = LABEL + "(\\." + LABEL + ")*";

    void judge() throws OnboardException {
        String letters = ": small letters, digits and \"-\"";
        matches("--namespace", "ISTIO_NAMESPACE", LABEL, "no name of a namespace" + letters);
        matches("--service-account", "SERVICE_ACCOUNT", NAME, "no name of an account" + letters);
        matches("--trust-domain", "TRUST_DOMAIN", "[A-Za-z0-9._-]*", "no trust domain");
        matches("--dns-capture", "ISTIO_META_DNS_CAPTURE", "true|false", "neither true nor false");
        address();
        credentials();
        vault();
    }

    private String text(String variable) {
        return variables.getOrDefault(variable, "");
    }

    private void matches(String flag, String variable, String form, String words)
            throws OnboardException {
        if (!text(variable).matches(form)) {
            throw OnboardException.usage(
                    flag + " (" + variable + ") \"" + text(variable) + "\" is " + words);
        }
    }

    private void address() throws OnboardException {
        String text = text("ISTIO_SVC_IP");
        try {
            if (!text.isEmpty() && InetAddress.ofLiteral(text).isAnyLocalAddress()) {
                throw OnboardException.usage(
                        "--ip (ISTIO_SVC_IP) " + text + " is of no machine: give one of `ip addr`");
            }
        } catch (IllegalArgumentException e) {
            throw OnboardException.usage(
                    "--ip (ISTIO_SVC_IP) \"" + text + "\" is no address: give one of `ip addr`");
        }
    }

    private void credentials() throws OnboardException {
        if (flags.has("certificate") != flags.has("key")) {
            throw OnboardException.usage(
                    "--certificate and --key belong together: give both, or a --token");
        }
        if (flags.isOn("auto-register") && flags.text("group").isEmpty()) {
            throw OnboardException.usage("--auto-register wants the --group to register by");
        }
    }

    private void vault() throws OnboardException {
        boolean signs = text("CA_PROVIDER").equals("Vault");
        for (String flag : flags.values().keySet()) {
            if (flag.startsWith("vault-") && !signs) {
                throw OnboardException.usage(
                        "--" + flag + " is for a Vault that signs: give its --vault-address URL");
            }
        }
        if (signs && text("VAULT_PKI_ROLE").isEmpty()) {
            throw OnboardException.usage(
                    "--vault-role (VAULT_PKI_ROLE) is missing: the role of Vault's PKI engine that"
                            + " signs");
        }
        boolean known =
                List.of("VAULT_TOKEN", "VAULT_TOKEN_FILE", "VAULT_ROLE_ID").stream()
                        .anyMatch(name -> !text(name).isEmpty());
        if (signs && !known) {
            throw OnboardException.usage(
                    "Vault wants to know who this is: --vault-token FILE, or --vault-role-id ID and"
                            + " --vault-secret-id FILE");
        }
        for (String name : List.of("VAULT_CACERT", "VAULT_TOKEN_FILE", "VAULT_SECRET_ID_FILE")) {
            if (!text(name).isEmpty() && !text(name).matches("(/|\\./etc/istio/vault-).*")) {
                throw OnboardException.usage(
                        name
                                + "="
                                + text(name)
                                + " is looked for below /: write the whole path, or give the file"
                                + " with --vault-root, --vault-token or --vault-secret-id");
            }
        }
    }
}
