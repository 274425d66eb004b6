package dev.attache.packaging.product;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The program: {@code PackageMaker TREE SCRIPTS OUT VERSION PLATFORM TIME}. TREE is what {@code
 * TreeMaker} made, SCRIPTS the folder with maintainer scripts and the description, OUT gets {@code
 * attache_VERSION_amd64.deb} and {@code attache-VERSION-1.x86_64.rpm}, or those of aarch64. The
 * system properties {@code packages.maintainer} and {@code packages.home} say who publishes them.
 */
public final class PackageMaker {

    private PackageMaker() {}

    /**
     * Makes both.
     *
     * @throws IOException if something cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path tree = Path.of(arguments[0]);
        Path scripts = Path.of(arguments[1]);
        Path out = Path.of(arguments[2]);
        boolean arm = arguments[4].startsWith("a") && !arguments[4].equals("amd64");
        String time = arguments[5];
        Instant date =
                time.chars().allMatch(Character::isDigit)
                        ? Instant.ofEpochSecond(Long.parseLong(time))
                        : Instant.parse(time);
        Product product =
                new Product(
                        arguments[3].replace("-SNAPSHOT", "~snapshot"),
                        arm,
                        new Product.Publisher(
                                System.getProperty("packages.maintainer", ""),
                                System.getProperty("packages.home", "")),
                        new Scripts(scripts),
                        Content.of(tree),
                        date);
        DebPackage.write(product, out);
        RpmPackage.write(product, out);
        if (!arm && System.getProperty("packages.aarch64.jdk", "").isEmpty()) {
            System.out.println(
                    "packages: of x86-64 only; -Dpackages.aarch64.jdk=DIR, a JDK 25 for aarch64, makes"
                            + " those of aarch64, too (docs/packages.md)");
        }
    }
}
