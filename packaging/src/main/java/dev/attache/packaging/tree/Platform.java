package dev.attache.packaging.tree;

import java.util.List;

/** What is installed on: Linux on one kind of processor. Immutable. */
enum Platform {
    X86_64("x86_64", "lib/linux-x86_64/", "linux/amd64/", "libluajit64.so"),
    AARCH64("aarch_64", "lib/linux-aarch64/", "linux/aarch64/", "libluajitarm64.so");

    private final String netty;
    private final List<String> libraries;

    Platform(String netty, String... libraries) {
        this.netty = netty;
        this.libraries = List.of(libraries);
    }

    /**
     * The one that {@code uname -m} calls so.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Platform named(String machine) {
        return switch (machine) {
            case "x86_64", "amd64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default -> throw new IllegalArgumentException("no natives for " + machine);
        };
    }

    /** Whether this machine is one. */
    boolean isHere() {
        return this == named(System.getProperty("os.arch", ""));
    }

    /** The end of the name of Netty's libraries. */
    String nettySuffix() {
        return "_" + netty;
    }

    /** Whether a native library of a jar, by its entry's name, is of this platform. */
    boolean has(String entry) {
        return libraries.stream().anyMatch(entry::startsWith);
    }
}
