package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.lua.LuaHost;
import dev.attache.filters.lua.LuaState;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One worker's state of a script, and who has a coroutine in it. Loop-confined. */
final class ScriptState implements LuaHost, AutoCloseable {

    /** Of a script that has failed here: no functions. */
    static final ScriptState NONE = new ScriptState();

    private static final int FUNCTIONS = 0;
    private static final int ON_REQUEST = 1;
    private static final int ON_RESPONSE = 2;
    private static final int GO_ON = 3;
    private static final int LET_GO = 4;

    /** What {@link LuaState#enter} returns: the coroutine ended, yielded, failed. */
    static final int ENDED = 0;

    static final int YIELDED = 1;
    static final int FAILED = 2;

    private final @Nullable LuaState lua;
    private final int functions;
    private final List<@Nullable ScriptRun> runs = new ArrayList<>();
    private int free;

    private ScriptState() {
        lua = null;
        functions = 0;
    }

    ScriptState(LuaState lua) {
        this.lua = lua;
        this.functions = lua.enter(FUNCTIONS, 0, this);
    }

    boolean hooksRequests() {
        return (functions & 1) != 0;
    }

    boolean hooksResponses() {
        return (functions & 2) != 0;
    }

    LuaState lua() {
        LuaState open = lua;
        if (open == null) {
            throw new IllegalStateException("a script without a state has no functions");
        }
        return open;
    }

    /** A number for a run, until {@link #letGo}. */
    int enlist(ScriptRun run) {
        int ref = free;
        while (ref < runs.size() && runs.get(ref) != null) {
            ref++;
        }
        if (ref == runs.size()) {
            runs.add(run);
        } else {
            runs.set(ref, run);
        }
        free = ref + 1;
        return ref;
    }

    int start(int ref, boolean request) {
        return lua().enter(request ? ON_REQUEST : ON_RESPONSE, ref, this);
    }

    int goOn(int ref) {
        return lua().enter(GO_ON, ref, this);
    }

    /** The run's coroutine is left to Lua's collector. */
    void letGo(int ref) {
        runs.set(ref, null);
        free = Math.min(free, ref);
        lua().enter(LET_GO, ref, this);
    }

    /** Gives back its memory; nobody runs in it any more. */
    @Override
    public void close() {
        if (lua != null) {
            lua.close();
        }
    }

    /** How many runs there are; for tests. */
    int size() {
        return (int) runs.stream().filter(run -> run != null).count();
    }

    @Override
    public int asked(int op, int ref, double number, MemorySegment text, MemorySegment more) {
        ScriptRun run = runs.get(ref);
        if (run == null) {
            throw new IllegalStateException("nobody runs as " + ref);
        }
        return run.answer(Question.of(op), number, text, more);
    }
}
