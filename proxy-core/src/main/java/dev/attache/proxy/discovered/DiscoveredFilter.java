package dev.attache.proxy.discovered;

import org.jspecify.annotations.Nullable;

/**
 * A filter whose configuration comes by itself ({@code config_discovery}): what it is now in one
 * place, on all workers and in all versions of its resource that leave the place alone. Written by
 * the main loop, read on workers.
 */
public final class DiscoveredFilter {

    /**
     * What has come. Immutable.
     *
     * @param spec of the kind of filters that are discovered under this name
     * @param type full name of its message
     * @param terminal whether it must stand last in its chain
     */
    public record Found(Object spec, String type, boolean terminal) {}

    private final String name;
    private volatile @Nullable Found current;

    /**
     * @param name under which its configuration is discovered
     */
    public DiscoveredFilter(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** What counts from now on, or null where nothing has come, or was taken away. */
    public @Nullable Found current() {
        return current;
    }

    /** From now on this one counts; streams and connections under way keep what they have. */
    public void become(@Nullable Found next) {
        current = next;
    }
}
