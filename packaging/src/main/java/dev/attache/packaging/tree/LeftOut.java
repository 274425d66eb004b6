package dev.attache.packaging.tree;

import java.util.List;
import java.util.jar.JarFile;

/** What is in jars and is of no use to whoever runs the proxy. Stateless. */
final class LeftOut {
    /** The demonstration, and the control plane that it brings. */
    private static final List<String> JARS = List.of("attache-examples-", "cache-1", "server-1");

    private static final List<String> NATIVES = List.of(".so", ".dll", ".dylib", ".jnilib");

    /** Providers that nobody has registered: what uses Bouncy Castle calls it by name. */
    private static final String PROVIDERS = "META-INF/services/java.security.Provider";

    private LeftOut() {}

    /** A whole jar. */
    static boolean jar(String name) {
        return JARS.stream().anyMatch(name::startsWith);
    }

    /** An entry that is no class. Licences are elsewhere: {@link Notices}. */
    static boolean entry(String name, Platform platform) {
        if (NATIVES.stream().anyMatch(name::endsWith)) {
            return name.startsWith("META-INF/native/") || !platform.has(name);
        }
        return name.endsWith(".proto")
                || name.endsWith("module-info.class")
                || name.startsWith("META-INF/") && !isRead(name);
    }

    /**
     * Of META-INF: services, classes for newer Java, Netty's versions. Not signatures: they are of
     * a whole jar, and these are not whole.
     */
    private static boolean isRead(String name) {
        return name.equals(JarFile.MANIFEST_NAME)
                || name.startsWith("META-INF/services/") && !name.equals(PROVIDERS)
                || name.startsWith("META-INF/versions/") && name.endsWith(".class")
                || name.endsWith("versions.properties");
    }
}
