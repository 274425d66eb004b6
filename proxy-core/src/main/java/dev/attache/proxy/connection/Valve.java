package dev.attache.proxy.connection;

/**
 * Back-pressure on one source of bytes, counted: the source stands still while there are more holds
 * than releases (Envoy's {@code readDisable}). Loop-confined.
 */
public interface Valve {

    void hold();

    /** Undoes one {@link #hold()}; one too many is a programming error. */
    void release();
}
