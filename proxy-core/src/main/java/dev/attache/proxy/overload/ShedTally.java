package dev.attache.proxy.overload;

/** Counts what load shed points shed ({@code overload.<point>.shed_load_count}). */
@FunctionalInterface
public interface ShedTally {

    /** Counts nothing: no load shed point is configured. */
    ShedTally NONE = (point, worker) -> {};

    /**
     * One more was shed.
     *
     * @param worker index of the worker that calls, for its stat cells
     */
    void shed(LoadShedPoint point, int worker);
}
