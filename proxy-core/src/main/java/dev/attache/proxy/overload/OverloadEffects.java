package dev.attache.proxy.overload;

/** Hears what workers do about overload, for the statistics. Called on workers' loops. */
public interface OverloadEffects {

    /** Nobody listens: there is no overload manager. */
    OverloadEffects UNHEARD =
            new OverloadEffects() {
                @Override
                public void shed(LoadShedPoint point, int worker) {
                    // Not counted.
                }

                @Override
                public void reset(int streams, int worker) {
                    // Not counted.
                }
            };

    /**
     * Something was given up at {@code point} ({@code overload.<point>.shed_load_count}).
     *
     * @param worker index of the worker that calls, for its stat cells
     */
    void shed(LoadShedPoint point, int worker);

    /** Streams that held much were reset ({@code reset_high_memory_stream.count}). */
    void reset(int streams, int worker);
}
