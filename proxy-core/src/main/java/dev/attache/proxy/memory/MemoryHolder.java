package dev.attache.proxy.memory;

/** What a {@link MemoryAccount} pays for: a downstream connection or one stream of it. */
public interface MemoryHolder {

    /**
     * Ends it, answered or not: memory is needed. Called on the loop while no event of any
     * connection is being handled; what it holds is released by the end of this loop turn.
     */
    void shed();

    /** Whether it is one stream of many, whose end leaves its connection alone. */
    default boolean isStream() {
        return false;
    }
}
