package dev.attache.filters.lua;

import java.lang.foreign.MemorySegment;

/** What a script's state asks of the proxy. Called within {@link LuaState#enter}, on its thread. */
public interface LuaHost {

    /**
     * One question of the script's library.
     *
     * @param op what is asked, as host and library agreed
     * @param ref about whom: the number that {@link LuaState#enter} was given
     * @param text bytes, for this call; empty where the library gave none
     * @param more bytes, for this call
     * @return the kind of the answer, by one of the methods of {@link LuaState}
     */
    int asked(int op, int ref, double number, MemorySegment text, MemorySegment more);
}
