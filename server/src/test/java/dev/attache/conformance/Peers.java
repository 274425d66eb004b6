package dev.attache.conformance;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the programs and files of the conformance tests are. */
public final class Peers {
    private Peers() {}

    /** A program in the peers' directory: {@code ATTACHE_PEERS}, or {@code /opt/peers}. */
    public static Path peer(String name) {
        String directory = System.getenv().getOrDefault("ATTACHE_PEERS", "/opt/peers");
        return Path.of(directory, name);
    }

    public static Path envoy() {
        return peer("envoy");
    }

    /**
     * The proxy that is judged: the launcher, unless the property {@code conformance.subject} says.
     */
    public static Path subject() {
        return Path.of(
                System.getProperty("conformance.subject", root().resolve("attache").toString()));
    }

    public static Path cases() {
        return root().resolve("server/src/test/resources/conformance/cases");
    }

    /** The root of the repository. */
    public static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.exists(here.resolve("server/pom.xml"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException("not inside the repository");
        }
        return here;
    }
}
