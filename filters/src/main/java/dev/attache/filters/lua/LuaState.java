package dev.attache.filters.lua;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One state of LuaJIT: a library of ours, then a script on top of it. Confined to one thread. The
 * native memory goes when it is {@linkplain #close closed}, or when nobody holds the object any
 * more, as streams may that outlive their configuration.
 *
 * <p>Scripts run in the interpreter, where {@link LuaWatch} can end them. All calls are protected:
 * no error of Lua ever passes a frame of Java, and what the host throws goes on in Java once the
 * script has returned.
 *
 * <p>Text is octets: characters are bytes.
 */
public final class LuaState implements AutoCloseable {

    /** Kinds of answers, as the library knows them. */
    public static final int NOTHING = 0;

    public static final int NIL = 1;
    public static final int YIELD = 6;
    private static final int BOOLEAN = 2;
    private static final int NUMBER = 3;
    private static final int TEXT = 4;
    private static final int VALUE = 5;
    private static final int ERROR = 7;

    private static final Cleaner CLEANER = Cleaner.create();
    private static final ThreadLocal<@Nullable LuaState> RUNNING = new ThreadLocal<>();

    private static final int PLACE_BYTES = 24;
    private static final int FIRST_ROOM = 256;

    /** Nobody runs, somebody does, the hook is being armed, it is armed. */
    static final int IDLE = 0;

    static final int BUSY = 1;
    static final int ARMING = 2;
    static final int ARMED = 3;

    /** What {@link LuaWatch} looks at while a script runs. */
    final AtomicInteger activity = new AtomicInteger();

    volatile long startedNanos;
    boolean watched;
    final long pointer;
    final long hook;

    private final LuaLibrary lua = LuaLibrary.get();
    private final MemorySegment place;
    private final int entry;
    private Arena roomArena = Arena.ofAuto();
    private MemorySegment room = roomArena.allocate(FIRST_ROOM);
    private final Cleaner.Cleanable closing;
    private boolean gone;
    private @Nullable LuaHost host;
    private @Nullable Throwable thrown;
    private String failure = "";
    private int depth;

    /**
     * Opens a state and runs a script in it.
     *
     * @param library Lua that returns the function which {@link #enter} calls
     * @param paths before those of {@code package.path}, or empty
     * @param libraryPaths before those of {@code package.cpath}, or empty
     * @param closed runs when the native memory has gone, on whatever thread
     * @throws LuaException the script does not compile, or fails
     * @throws UnsatisfiedLinkError there is no LuaJIT here
     */
    public LuaState(
            String library, String script, String paths, String libraryPaths, Runnable closed)
            throws LuaException {
        Arena arena = Arena.ofAuto();
        place = arena.allocate(PLACE_BYTES, Long.BYTES);
        pointer = newState();
        closing = CLEANER.register(this, new Closing(lua, pointer, arena, closed));
        try {
            lua.openLibraries.invokeExact(pointer);
            entry = load(library, paths, libraryPaths);
            hook = (long) lua.getHook.invokeExact(pointer);
            setHook(0, 0, 0);
            run(script);
        } catch (LuaException | RuntimeException | Error e) {
            close();
            throw e;
        } catch (Throwable e) {
            close();
            throw new IllegalStateException(e);
        }
    }

    private long newState() {
        try {
            return (long) lua.newState.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives its memory back at once; nobody enters it any more. Idempotent. */
    @Override
    public synchronized void close() {
        gone = true;
        closing.clean();
    }

    /** Whether it holds memory yet; asked and acted upon with its monitor held. */
    boolean isOpen() {
        return !gone;
    }

    private record Closing(LuaLibrary lua, long pointer, Arena arena, Runnable closed)
            implements Runnable {
        @Override
        public void run() {
            try {
                lua.close.invokeExact(pointer);
                closed.run();
            } catch (Throwable e) {
                throw new IllegalStateException("a state of Lua cannot be closed", e);
            }
        }
    }

    private int load(String library, String paths, String libraryPaths) throws Throwable {
        compile(library, "=library");
        lua.pushNumber.invokeExact(pointer, (double) lua.ask);
        lua.pushNumber.invokeExact(pointer, (double) place.address());
        lua.pushNumber.invokeExact(pointer, (double) LuaWatch.MOST_MEBIBYTES);
        pushText(paths);
        pushText(libraryPaths);
        if ((int) lua.protectedCall.invokeExact(pointer, 5, 1, 0) != 0) {
            throw new IllegalStateException("Lua's library does not load: " + top());
        }
        return (int) lua.reference.invokeExact(pointer, LuaLibrary.REGISTRY);
    }

    private void run(String script) throws Throwable {
        compile(script, script);
        begin();
        try {
            if ((int) lua.protectedCall.invokeExact(pointer, 0, 0, 0) != 0) {
                throw new LuaException(top());
            }
        } finally {
            end();
        }
    }

    private void compile(String code, String name) throws Throwable {
        try (Arena local = Arena.ofConfined()) {
            byte[] bytes = code.getBytes(ISO_8859_1);
            MemorySegment text = local.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            MemorySegment chunk = local.allocateFrom(name, ISO_8859_1);
            int status =
                    (int) lua.loadBuffer.invokeExact(pointer, text, (long) bytes.length, chunk);
            if (status != 0) {
                throw new LuaException(top());
            }
        }
    }

    private void pushText(String text) throws Throwable {
        try (Arena local = Arena.ofConfined()) {
            byte[] bytes = text.getBytes(ISO_8859_1);
            MemorySegment copy = local.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            lua.pushText.invokeExact(pointer, copy, (long) bytes.length);
        }
    }

    /** The text on top of the stack, which is emptied. */
    private String top() throws Throwable {
        MemorySegment text =
                (MemorySegment) lua.toText.invokeExact(pointer, -1, place.asSlice(16, 8));
        String copy =
                text.address() == 0
                        ? "unspecified lua error"
                        : text(text.reinterpret(place.get(ValueLayout.JAVA_LONG, 16)));
        lua.setTop.invokeExact(pointer, 0);
        return copy;
    }

    /**
     * Calls the library's function with two numbers.
     *
     * @return the number that it returns; {@link #failure} is the text that came with it
     */
    public int enter(int what, int ref, LuaHost asked) {
        LuaHost before = host;
        LuaState other = RUNNING.get();
        host = asked;
        RUNNING.set(this);
        begin();
        try {
            return call(what, ref);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            end();
            RUNNING.set(other);
            host = before;
        }
    }

    private int call(int what, int ref) throws Throwable {
        lua.getReferenced.invokeExact(pointer, LuaLibrary.REGISTRY, entry);
        lua.pushNumber.invokeExact(pointer, (double) what);
        lua.pushNumber.invokeExact(pointer, (double) ref);
        int status = (int) lua.protectedCall.invokeExact(pointer, 2, 2, 0);
        Throwable of = thrown;
        if (of != null) {
            thrown = null;
            lua.setTop.invokeExact(pointer, 0);
            throw of;
        }
        if (status != 0) {
            failure = top();
            return 2;
        }
        int result = (int) (double) lua.toNumber.invokeExact(pointer, -2);
        failure = result == 2 ? top() : "";
        lua.setTop.invokeExact(pointer, 0);
        return result;
    }

    /** What the script failed with, when it last did. */
    public String failure() {
        return failure;
    }

    /** What the state holds, in KiB. */
    int kibibytes() {
        try {
            return (int) lua.collector.invokeExact(pointer, LuaLibrary.COUNT_KIB, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gives back what no script can reach any more. */
    public void collect() {
        try {
            int failed = (int) lua.collector.invokeExact(pointer, LuaLibrary.COLLECT, 0);
            if (failed != 0) {
                throw new IllegalStateException("Lua does not collect");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    void setHook(long function, int mask, int count) {
        try {
            int set = (int) lua.setHook.invokeExact(pointer, function, mask, count);
            if (set != 1) {
                throw new IllegalStateException("Lua takes no hook");
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private void begin() {
        if (depth++ == 0) {
            startedNanos = System.nanoTime();
            activity.set(BUSY);
            LuaWatch.watch(this);
        }
    }

    private void end() {
        if (--depth > 0) {
            return;
        }
        while (!activity.compareAndSet(BUSY, IDLE)) {
            if (activity.compareAndSet(ARMED, IDLE)) {
                setHook(0, 0, 0);
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** Called by scripts; what the host throws waits until the script has returned. */
    static int asked(
            int op, int ref, double number, MemorySegment a, int ofA, MemorySegment b, int ofB) {
        LuaState state = RUNNING.get();
        LuaHost host = state == null ? null : state.host;
        if (state == null || host == null) {
            return NOTHING;
        }
        try {
            return host.asked(op, ref, number, a.reinterpret(ofA), b.reinterpret(ofB));
        } catch (Throwable e) {
            if (state.thrown == null) {
                state.thrown = e;
            }
            return state.error("the proxy failed");
        }
    }

    public int bool(boolean value) {
        place.set(ValueLayout.JAVA_DOUBLE, 0, value ? 1 : 0);
        return BOOLEAN;
    }

    public int number(double value) {
        place.set(ValueLayout.JAVA_DOUBLE, 0, value);
        return NUMBER;
    }

    /** Octets as a string of Lua. */
    public int text(String octets) {
        return bytes(octets.getBytes(ISO_8859_1), TEXT);
    }

    public int text(byte[] bytes) {
        return bytes(bytes, TEXT);
    }

    /** A table, or whatever {@link LuaValues} has written. */
    public int value(LuaValues written) {
        return bytes(written.bytes(), VALUE);
    }

    /** An error of Lua where the script asked. */
    public int error(String octets) {
        return bytes(octets.getBytes(ISO_8859_1), ERROR);
    }

    private int bytes(byte[] bytes, int kind) {
        if (room.byteSize() < bytes.length) {
            roomArena = Arena.ofAuto();
            room = roomArena.allocate(Math.max(bytes.length, 2 * room.byteSize()));
        }
        MemorySegment.copy(bytes, 0, room, ValueLayout.JAVA_BYTE, 0, bytes.length);
        place.set(ValueLayout.JAVA_LONG, 8, room.address());
        place.set(ValueLayout.JAVA_LONG, 16, bytes.length);
        return kind;
    }

    /** A script's bytes as octets. */
    public static String text(MemorySegment bytes) {
        return new String(bytes.toArray(ValueLayout.JAVA_BYTE), ISO_8859_1);
    }
}
