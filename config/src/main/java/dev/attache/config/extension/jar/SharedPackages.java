package dev.attache.config.extension.jar;

/**
 * Which classes are never a jar's own. What the engine's interfaces speak of must be one class on
 * both sides, and so must the libraries that hold state for the process.
 */
final class SharedPackages {

    /** The engine, its API, and what that is made of. */
    private static final String[] ENGINE = {
        "dev.attache.",
        "io.netty.",
        "com.google.protobuf.",
        "io.envoyproxy.",
        "com.github.xds.",
        "com.github.udpa.",
        "org.slf4j.",
        "org.jspecify."
    };

    /** Packages of the JDK; some of these prefixes are those of libraries, too. */
    private static final String[] JDK = {
        "java.",
        "javax.",
        "jdk.",
        "sun.",
        "com.sun.",
        "org.w3c.dom.",
        "org.xml.sax.",
        "org.ietf.jgss."
    };

    private SharedPackages() {}

    static boolean areTheEngines(String className) {
        return startsWithOne(className, ENGINE);
    }

    /** Whether the JDK is asked first; it may not have the class. */
    static boolean mayBeTheJdks(String className) {
        return startsWithOne(className, JDK);
    }

    private static boolean startsWithOne(String name, String[] prefixes) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
