package dev.attache.proxy.connection;

/**
 * Back-pressure on one source of bytes, counted: the source stands still while there are more holds
 * than releases (Envoy's {@code readDisable}). Loop-confined.
 */
public interface Valve {

    /** The valve of a source that has nothing more to come. */
    Valve NONE =
            new Valve() {
                @Override
                public void hold() {
                    // Nothing flows.
                }

                @Override
                public void release() {
                    // Nothing flows.
                }
            };

    void hold();

    /** Undoes one {@link #hold()}; one too many is a programming error. */
    void release();
}
