package dev.attache.server.review;

import dev.attache.server.assembly.Assembly;

/** Looks at the configuration that a bootstrap leads to. */
public final class Review {

    private Review() {}

    /**
     * What the bootstrap holds and what the files hold that it names, with all that is wrong or
     * useless. On any one thread; nothing is subscribed.
     */
    public static Configuration of(Assembly assembly) {
        return of(assembly, new FileDiscovery(assembly::response));
    }

    /** As above, with resources from elsewhere. */
    public static Configuration of(Assembly assembly, Discovery discovery) {
        Configuration configuration =
                new Configuration(
                        assembly.bootstrap(), Place.ofBootstrap(assembly.positions(), ""));
        new ConfigurationCompiler(configuration, discovery, assembly::compilers).compile();
        return configuration;
    }
}
