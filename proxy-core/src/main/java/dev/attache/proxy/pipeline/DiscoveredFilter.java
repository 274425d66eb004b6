package dev.attache.proxy.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A filter whose configuration comes by itself ({@code config_discovery}): what it is now. Shared
 * by all chains that name it. Written by the main loop, read on workers.
 */
public final class DiscoveredFilter {
    private final String name;
    private volatile @Nullable HttpFilterSpec current;

    /**
     * @param name under which its configuration is discovered
     */
    public DiscoveredFilter(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** What streams that begin now pass, or null where nothing has come, or was taken away. */
    public @Nullable HttpFilterSpec current() {
        return current;
    }

    /** From now on streams pass this one; those under way keep what they have. */
    public void become(@Nullable HttpFilterSpec next) {
        current = next;
    }
}
