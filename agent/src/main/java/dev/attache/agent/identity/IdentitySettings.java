package dev.attache.agent.identity;

import dev.attache.agent.environment.AgentFiles;
import dev.attache.agent.environment.Environment;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the workload is called, what key it has and when it gets another, by the variables of
 * Istio's agent. Immutable; any thread.
 *
 * @param name {@code spiffe://domain/ns/namespace/sa/account}; an empty part stays empty, as there
 * @param key what key it has
 * @param validity how long a certificate is asked for
 * @param grace which part of a certificate's life is left when it is replaced
 * @param jitter by how much of a certificate's life that varies
 * @param output where key, chain and roots are written; null for nowhere
 */
public record IdentitySettings(
        String name,
        KeySpec key,
        Duration validity,
        double grace,
        double jitter,
        @Nullable CertificateOutput output) {

    /**
     * Reads the variables.
     *
     * @throws IllegalArgumentException as {@link KeySpec#of}
     */
    public static IdentitySettings of(Environment environment, AgentFiles files) {
        String name =
                "spiffe://"
                        + environment.text("TRUST_DOMAIN", "cluster.local")
                        + "/ns/"
                        + environment.text("POD_NAMESPACE", "")
                        + "/sa/"
                        + environment.text("SERVICE_ACCOUNT", "");
        return new IdentitySettings(
                name,
                KeySpec.of(environment),
                environment.duration("SECRET_TTL", Duration.ofHours(24)),
                environment.decimal("SECRET_GRACE_PERIOD_RATIO", 0.5),
                environment.decimal("SECRET_GRACE_PERIOD_RATIO_JITTER", 0.01),
                output(environment, files));
    }

    private static @Nullable CertificateOutput output(Environment environment, AgentFiles files) {
        String directory = environment.text("OUTPUT_CERTS", "");
        if (directory.isEmpty()) {
            return null;
        }
        boolean shared = !environment.text("KUBERNETES_SERVICE_HOST", "").isEmpty();
        Path at = files.at(directory);
        return new CertificateOutput(at, shared);
    }
}
