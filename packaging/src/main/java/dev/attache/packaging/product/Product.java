package dev.attache.packaging.product;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What is packed.
 *
 * @param version as both formats order it: {@code 1.0~snapshot} is before {@code 1.0}
 * @param arm whether natives and runtime are aarch64's; x86-64's otherwise
 * @param publisher who says that it is good
 * @param content in order of paths
 * @param date of the build and of every file
 */
record Product(
        String version,
        boolean arm,
        Publisher publisher,
        Scripts scripts,
        List<Content> content,
        Instant date) {
    static final String NAME = "attache";
    static final String SUMMARY = "Service-mesh data plane with Envoy's configuration";

    /**
     * Who publishes the packages.
     *
     * @param maintainer {@code NAME <ADDRESS>}
     * @param home address of a page about the product; may be empty
     */
    record Publisher(String maintainer, String home) {
        String name() {
            return maintainer.replaceAll(" *<.*", "");
        }
    }

    /** What it is, in paragraphs. */
    String description() throws IOException {
        return scripts.read("description.txt")
                + (arm ? "\n" + scripts.read("description-aarch64.txt") : "");
    }
}
