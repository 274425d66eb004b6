package dev.attache.agent.onboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The command line of {@code attache onboard}. Immutable. */
record OnboardFlags(Map<String, List<String>> values) {

    static final String HELP =
            """
            Usage: attache onboard [--from DIR] [flags]

            Makes this machine part of a mesh: checks that it can be (by really connecting), writes
            the files of its agent, redirects its traffic, says what to do next.
            `attache leave` undoes it.

            What istioctl made:
              --from DIR               folder of `istioctl x workload entry configure`: cluster.env,
                                       mesh.yaml, root-cert.pem, istio-token, hosts; and sidecar.env.
                                       Flags below win over what it says.
            The control plane:
              --address HOST:PORT      with the name that its certificate has
              --resolve IP             address of HOST, written to /etc/hosts
              --root-cert FILE         the root its certificate comes from, PEM
              --root-fingerprint HEX   or: SHA-256 of the root, which is then fetched from there
              --token FILE             token of the service account, audience istio-ca
              --certificate FILE --key FILE   or: a certificate with the workload's SPIFFE id
              --spire-socket PATH      identity from SPIRE's agent; with a token for the control plane
              --vault-address URL --vault-role ROLE --vault-token FILE   or: Vault signs
              --vault-role-id ID --vault-secret-id FILE   AppRole in place of --vault-token
              --vault-mount NAME       of its PKI engine, pki if not given
              --vault-root FILE        the root of Vault's own certificate, PEM
            The workload:
              --namespace NAME --service-account NAME --group NAME
              --auto-register          the control plane makes the WorkloadEntry by the group
              --label NAME=VALUE       may be repeated
              --network NAME --cluster NAME --trust-domain NAME
              --ip ADDRESS             of this workload, first of its addresses
              --probe httpGet:8080/path | tcpSocket:8080 | grpc:8080
              --dns-capture=false      leave the names of the mesh to DNS
              --env NAME=VALUE         any other variable of the agent; may be repeated
            What is done:
              --dry-run                check, print what would be written, change nothing
              --no-checks              write without connecting, as for an image
              --no-interception        leave the machine's traffic alone
              --enable                 enable and start the unit, and wait until it is ready
              --root DIR               the machine's root is DIR: an image; nothing is run

            Exit codes: 0 done, 2 usage, 3 not root, 4 what was given cannot be read;
            checks: 10 address, 11 name, 12 connection, 13 TLS, 14 name in the certificate,
            15 clock, 16 token or certificate, 17 identity, 18 authority, 19 configuration;
            20 files, 21 interception, 22 unit, 23 the agent does not become ready.
            """;

    private static final Set<String> SWITCHES =
            Set.of("auto-register", "dry-run", "no-checks", "no-interception", "enable", "help");
    private static final Set<String> TEXTS =
            Set.of(
                    "from",
                    "address",
                    "resolve",
                    "root-cert",
                    "root-fingerprint",
                    "token",
                    "certificate",
                    "key",
                    "spire-socket",
                    "vault-address",
                    "vault-mount",
                    "vault-role",
                    "vault-role-id",
                    "vault-root",
                    "vault-secret-id",
                    "vault-token",
                    "namespace",
                    "service-account",
                    "group",
                    "label",
                    "network",
                    "cluster",
                    "trust-domain",
                    "ip",
                    "probe",
                    "dns-capture",
                    "env",
                    "root");

    static OnboardFlags parse(List<String> arguments) throws OnboardException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("-h")) {
                word = "--help";
            }
            if (!word.startsWith("--")) {
                throw OnboardException.usage("\"" + word + "\" is no flag");
            }
            int equals = word.indexOf('=');
            String name = word.substring(2, equals < 0 ? word.length() : equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (SWITCHES.contains(name)) {
                value = equals < 0 ? "true" : value;
            } else if (!TEXTS.contains(name)) {
                throw OnboardException.usage("there is no flag --" + name);
            } else if (equals < 0) {
                i++;
                if (i == arguments.size()) {
                    throw OnboardException.usage("--" + name + " wants a value");
                }
                value = arguments.get(i);
            }
            values.computeIfAbsent(name, ignored -> new ArrayList<>()).add(value);
        }
        return new OnboardFlags(values);
    }

    boolean isOn(String name) {
        return text(name).equals("true");
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** The last value; empty where the flag is not given. */
    String text(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? "" : all.getLast();
    }

    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /**
     * The SHA-256 that the root is to have, as {@code openssl x509 -fingerprint} prints it or
     * without its words and colons.
     *
     * @return 64 hexadecimal digits
     */
    String fingerprint() throws OnboardException {
        String text = text("root-fingerprint");
        String digits = text.substring(text.indexOf('=') + 1).replaceAll("[:\\s]", "");
        if (!digits.matches("[0-9A-Fa-f]{64}")) {
            throw OnboardException.usage(
                    "--root-fingerprint "
                            + text
                            + " is no SHA-256, which has 64 hexadecimal digits: `openssl x509 -noout"
                            + " -fingerprint -sha256 -in root-cert.pem`");
        }
        return digits.toLowerCase(Locale.ROOT);
    }

    /** The values of a flag that is {@code NAME=VALUE}. */
    Map<String, String> pairs(String name) throws OnboardException {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String each : all(name)) {
            int equals = each.indexOf('=');
            if (equals <= 0) {
                throw OnboardException.usage("--" + name + " " + each + " is not NAME=VALUE");
            }
            pairs.put(each.substring(0, equals), each.substring(equals + 1));
        }
        return pairs;
    }
}
