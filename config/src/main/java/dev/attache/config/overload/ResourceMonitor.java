package dev.attache.config.overload;

import java.io.IOException;

/** Measures one resource. Used on the main loop only. */
@FunctionalInterface
public interface ResourceMonitor {

    /**
     * How much of the resource is in use, as a share of what may be: 0 is none, 1 is all of it; it
     * may be more.
     *
     * @throws IOException if it cannot be said now; the pressure known last stays in force
     */
    double pressure() throws IOException;
}
