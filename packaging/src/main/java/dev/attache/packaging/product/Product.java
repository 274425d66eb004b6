package dev.attache.packaging.product;

import java.time.Instant;
import java.util.List;

/**
 * What is packed.
 *
 * @param version as both formats order it: {@code 1.0~snapshot} is before {@code 1.0}
 * @param arm whether natives and runtime are aarch64's; x86-64's otherwise
 * @param content in order of paths
 * @param date of the build and of every file
 */
record Product(String version, boolean arm, Scripts scripts, List<Content> content, Instant date) {
    static final String NAME = "attache";
    static final String SUMMARY = "Service-mesh data plane with Envoy's configuration";
    static final String HOME = "https://github.com/attache-proxy/attache";
    static final String MAINTAINER = "The Attache developers <packages@attache.dev>";
}
