package dev.attache.proxy.memory;

/** Is told what was given up for want of memory. On the worker's loop. */
public interface ShedListener {

    /** Tells nobody. */
    ShedListener NONE =
            new ShedListener() {
                @Override
                public void shed(Resource resource, int holders, long bytes, long budget) {
                    // Nobody is told.
                }

                @Override
                public void noDirectMemory() {
                    // Nobody is told.
                }
            };

    /**
     * Connections and streams were ended.
     *
     * @param holders how many
     * @param bytes what they held of the resource
     * @param budget what this worker may hold of it, in bytes
     */
    void shed(Resource resource, int holders, long bytes, long budget);

    /** A connection is about to end because a buffer that it needed was not to be had. */
    void noDirectMemory();

    /** What has run short. */
    enum Resource {
        HEAP,
        DIRECT
    }
}
