package dev.attache.conformance;

import dev.attache.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The bootstraps of {@code examples/meshes}, with files where theirs would be. */
public final class OtherMeshes {

    private static final String FILES = "/etc/attache/mesh";
    private static final String AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

    private OtherMeshes() {}

    private static Path root() {
        return Peers.root().resolve("examples/meshes");
    }

    /** Of each mesh. */
    public static Stream<String> names() throws IOException {
        try (Stream<Path> all = Files.list(root())) {
            return all
                    .filter(Files::isDirectory)
                    .map(each -> each.getFileName().toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /**
     * The text of one.
     *
     * @param directory where certificates and the files beside it are put
     */
    public static String bootstrap(String mesh, Path directory) throws IOException {
        TestCertificates authority = TestCertificates.authority("CN=mesh");
        TestCertificates.Issued leaf = authority.leaf("CN=web").dns("web.test").issue();
        Files.write(directory.resolve("ca.pem"), authority.pem());
        Files.write(directory.resolve("cert.pem"), leaf.certificatePem());
        Files.write(directory.resolve("key.pem"), leaf.keyPem());
        try (Stream<Path> files = Files.list(root().resolve(mesh))) {
            for (Path file : files.toList()) {
                Files.writeString(
                        directory.resolve(file.getFileName().toString()), placed(file, directory));
            }
        }
        return placed(root().resolve(mesh).resolve("bootstrap.yaml"), directory);
    }

    private static String placed(Path file, Path directory) throws IOException {
        return Files.readString(file)
                .replace(FILES, directory.toString())
                .replace(AUTHORITIES, directory.resolve("ca.pem").toString());
    }
}
