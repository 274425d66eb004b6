package dev.attache.proxy.upstream.health;

import dev.attache.proxy.upstream.host.Host;

/** Hears the outcome of each check. Main thread. */
@FunctionalInterface
public interface CheckListener {

    /**
     * A check is over, or will never be because the host has gone.
     *
     * @param changed flags that decide about the host's use are others now
     * @param passed what this check said
     */
    void onChecked(Host host, boolean changed, boolean passed);
}
