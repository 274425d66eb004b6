package dev.attache.agent.libc;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * A function of the C library that returns a negative number and sets {@code errno} where it fails,
 * called by the foreign-function API. Immutable; any thread.
 */
public final class LibcFunction {
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option WITH_ERRNO = Linker.Option.captureCallState("errno");
    private static final int LONGEST_TEXT = 256;
    private static final MethodHandle TEXT =
            link("strerror", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

    private final String name;
    private final MethodHandle handle;

    private LibcFunction(String name, MethodHandle handle) {
        this.name = name;
        this.handle = handle;
    }

    /** One that returns an {@code int}. */
    public static LibcFunction of(String name, MemoryLayout... arguments) {
        FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
        return new LibcFunction(name, link(name, shape, WITH_ERRNO));
    }

    /**
     * The same, with arguments of any number behind the first ones.
     *
     * @param fixed how many are not of those
     */
    public static LibcFunction variadic(String name, int fixed, MemoryLayout... arguments) {
        FunctionDescriptor shape = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
        Linker.Option more = Linker.Option.firstVariadicArg(fixed);
        return new LibcFunction(name, link(name, shape, WITH_ERRNO, more));
    }

    /**
     * A handle without {@code errno}, for calls on the way of each message.
     *
     * @throws IllegalStateException if the C library has no such function
     */
    public static MethodHandle link(
            String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment address =
                linker.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new IllegalStateException("libc has no " + name));
        return linker.downcallHandle(address, shape, options);
    }

    /**
     * Calls it.
     *
     * @return what it returned, never negative
     * @throws IOException with its name and the words for {@code errno}
     */
    public int call(Object... arguments) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = invoke(state, arguments);
            if (result < 0) {
                throw new IOException(name + ": " + text((int) ERRNO.get(state, 0L)));
            }
            return result;
        }
    }

    private int invoke(MemorySegment state, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            return (int) handle.invokeWithArguments(all);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) TEXT.invokeExact(errno);
            return text.reinterpret(LONGEST_TEXT).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * What came instead of a result: functions of C throw nothing, so it is a fault of the call.
     */
    public static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
