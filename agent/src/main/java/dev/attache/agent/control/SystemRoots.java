package dev.attache.agent.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where operating systems keep the authorities they trust, as Go and Istio's agent look for them.
 */
public final class SystemRoots {

    private static final List<String> PLACES =
            List.of(
                    "/etc/ssl/certs/ca-certificates.crt",
                    "/etc/pki/tls/certs/ca-bundle.crt",
                    "/etc/ssl/ca-bundle.pem",
                    "/etc/pki/tls/cacert.pem",
                    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                    "/etc/ssl/cert.pem",
                    "/usr/local/etc/ssl/cert.pem",
                    "/etc/ssl/certs/ca-certificates");

    private SystemRoots() {}

    /** The first that is there. */
    public static @Nullable Path find() {
        return PLACES.stream().map(Path::of).filter(Files::exists).findFirst().orElse(null);
    }
}
