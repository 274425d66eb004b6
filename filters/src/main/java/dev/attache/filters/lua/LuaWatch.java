package dev.attache.filters.lua;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Ends scripts that never yield: a thread of its own looks ten times a second at the states in
 * which a script runs, and arms the hook of the one that runs for too long or holds too much. The
 * script then fails with its next instruction, also where it catches errors. A function of the
 * library that takes long by itself is not interrupted; those that scripts have are bounded (by
 * {@code bounds.lua}, beside the filter).
 */
final class LuaWatch {

    /** What a script may take from its start, or from where it went on, until it yields or ends. */
    static final long MOST_NANOS =
            TimeUnit.MILLISECONDS.toNanos(Integer.getInteger("attache.lua.max_ms", 1000));

    /** What a worker's state of one script may hold. */
    static final int MOST_MEBIBYTES = Integer.getInteger("attache.lua.max_mib", 256);

    private static final long EVERY_MILLIS = 100;
    private static final List<WeakReference<LuaState>> WATCHED = new CopyOnWriteArrayList<>();

    static {
        Thread.ofPlatform().name("lua-watch").daemon().start(LuaWatch::loop);
    }

    private LuaWatch() {}

    /** From now on the state is looked at; once for each. */
    static void watch(LuaState state) {
        if (!state.watched) {
            state.watched = true;
            WATCHED.add(new WeakReference<>(state));
        }
    }

    @SuppressWarnings("BusyWait")
    private static void loop() {
        while (true) {
            try {
                Thread.sleep(EVERY_MILLIS);
            } catch (InterruptedException e) {
                return; // nobody does, but at the process's end
            }
            look();
        }
    }

    private static void look() {
        for (WeakReference<LuaState> each : WATCHED) {
            LuaState state = each.get();
            if (state == null || !look(state)) {
                WATCHED.remove(each);
            }
        }
    }

    /** False = it is closed; none is while it is looked at. */
    private static boolean look(LuaState state) {
        synchronized (state) {
            if (state.isOpen() && state.activity.get() == LuaState.BUSY && tooMuch(state)) {
                arm(state);
            }
            return state.isOpen();
        }
    }

    private static boolean tooMuch(LuaState state) {
        return System.nanoTime() - state.startedNanos > MOST_NANOS
                || state.kibibytes() > MOST_MEBIBYTES * 1024;
    }

    private static void arm(LuaState state) {
        if (!state.activity.compareAndSet(LuaState.BUSY, LuaState.ARMING)) {
            return;
        }
        try {
            state.setHook(state.hook, LuaLibrary.COUNT_HOOK, 1);
        } finally {
            state.activity.set(LuaState.ARMED);
        }
    }
}
