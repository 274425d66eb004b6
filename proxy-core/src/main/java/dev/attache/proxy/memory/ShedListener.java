package dev.attache.proxy.memory;

/** Is told what was given up for want of memory. On the worker's loop. */
@FunctionalInterface
public interface ShedListener {

    /** Tells nobody. */
    ShedListener NONE = (resource, holders, bytes, budget) -> {};

    /**
     * Connections and streams were ended.
     *
     * @param holders how many
     * @param bytes what they held of the resource
     * @param budget what this worker may hold of it, in bytes
     */
    void shed(Resource resource, int holders, long bytes, long budget);

    /** What has run short. */
    enum Resource {
        HEAP,
        DIRECT
    }
}
