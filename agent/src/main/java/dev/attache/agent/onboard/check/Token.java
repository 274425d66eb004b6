package dev.attache.agent.onboard.check;

import dev.attache.agent.control.TokenClaims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A service account's token, read without its signature being judged: that the server does (RFC
 * 7519). Immutable.
 */
record Token(Path file, TokenClaims claims) {
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String RENEW =
            "make a new one: `kubectl create token ACCOUNT -n NAMESPACE --audience istio-ca"
                    + " --duration 1h`";

    static Token read(Path file) throws CheckFailure {
        String text;
        try {
            text = Files.readString(file).strip();
        } catch (IOException e) {
            throw wrong("the token cannot be read: " + e, "give its file with --token FILE");
        }
        if (text.isEmpty()) {
            throw wrong("the token's file " + file + " is empty", RENEW);
        }
        try {
            return new Token(file, TokenClaims.of(text));
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "what is in " + file + " is no token: " + e.getMessage(),
                    RENEW + "; a kubeconfig or a JSON answer is something else");
        }
    }

    private static String renewal(String namespace, String account) {
        return RENEW.replace("ACCOUNT", account).replace("NAMESPACE", namespace);
    }

    private static CheckFailure wrong(String what, String remedy) {
        return new CheckFailure(Subject.CREDENTIAL, what, remedy);
    }

    /** Whether it is valid now, for whom and as whom. */
    void judge(Instant now, String namespace, String account, Findings findings)
            throws CheckFailure {
        Instant expires = claims.expires();
        if (expires != null && now.isAfter(expires)) {
            throw wrong(
                    "the token in %s has expired %d min ago, at %s"
                            .formatted(file, Duration.between(expires, now).toMinutes(), expires),
                    renewal(namespace, account));
        }
        Instant issued = claims.issued();
        if (issued != null && issued.isAfter(now.plusSeconds(60))) {
            throw new CheckFailure(
                    Subject.CLOCK,
                    "the token was issued at " + issued + ", which by this clock is still to come",
                    "set this machine's clock (`timedatectl`, `chronyc tracking`)");
        }
        String audiences = claims.audiences();
        if (!List.of(audiences.split(", ")).contains("istio-ca")) {
            findings.doubt(
                    Subject.CREDENTIAL,
                    "the token is for " + audiences + ", istiod usually wants istio-ca");
        }
        String subject = claims.subject();
        if (subject.startsWith(ACCOUNT) && !subject.equals(ACCOUNT + namespace + ":" + account)) {
            throw new CheckFailure(
                    Subject.IDENTITY,
                    "the token is of %s, but this workload is to be %s/%s"
                            .formatted(
                                    subject.substring(ACCOUNT.length()).replace(':', '/'),
                                    namespace,
                                    account),
                    "give the --namespace and --service-account of the token, or a token of these");
        }
        findings.good(
                Subject.CREDENTIAL,
                "token of "
                        + subject
                        + " for "
                        + audiences
                        + (expires == null
                                ? ""
                                : ", valid for "
                                        + Duration.between(now, expires).toMinutes()
                                        + " min"));
    }
}
