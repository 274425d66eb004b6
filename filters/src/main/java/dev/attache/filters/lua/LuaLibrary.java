package dev.attache.filters.lua;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * LuaJIT's native library and the few functions of its C interface that are called. Loaded with the
 * first state that is opened; safe for threads.
 */
final class LuaLibrary {

    static final int REGISTRY = -10000;
    static final int COUNT_HOOK = 8;
    static final int COLLECT = 2;
    static final int COUNT_KIB = 3;

    private static final class Loaded {
        private static final @Nullable LuaLibrary LIBRARY;
        private static final String FAILURE;

        static {
            LuaLibrary library = null;
            String failure = "";
            try {
                library = new LuaLibrary();
            } catch (IllegalArgumentException | NoSuchElementException | LinkageError e) {
                failure = String.valueOf(e.getMessage()); // for each who asks, now and later
            }
            LIBRARY = library;
            FAILURE = failure;
        }
    }

    private final Linker linker = Linker.nativeLinker();
    private final SymbolLookup symbols;
    final MethodHandle newState;
    final MethodHandle openLibraries;
    final MethodHandle close;
    final MethodHandle loadBuffer;
    final MethodHandle protectedCall;
    final MethodHandle toText;
    final MethodHandle toNumber;
    final MethodHandle pushNumber;
    final MethodHandle pushText;
    final MethodHandle setTop;
    final MethodHandle reference;
    final MethodHandle getReferenced;
    final MethodHandle getHook;
    final MethodHandle setHook;
    final MethodHandle collector;

    /** The function of C by which scripts ask {@link LuaState}. */
    final long ask;

    private LuaLibrary() {
        symbols = load();
        newState = function("luaL_newstate", JAVA_LONG);
        openLibraries = procedure("luaL_openlibs", JAVA_LONG);
        close = procedure("lua_close", JAVA_LONG);
        loadBuffer = function("luaL_loadbuffer", JAVA_INT, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
        protectedCall = function("lua_pcall", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT);
        toText = function("lua_tolstring", ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS);
        toNumber = function("lua_tonumber", JAVA_DOUBLE, JAVA_LONG, JAVA_INT);
        pushNumber = procedure("lua_pushnumber", JAVA_LONG, JAVA_DOUBLE);
        pushText = procedure("lua_pushlstring", JAVA_LONG, ADDRESS, JAVA_LONG);
        setTop = procedure("lua_settop", JAVA_LONG, JAVA_INT);
        reference = function("luaL_ref", JAVA_INT, JAVA_LONG, JAVA_INT);
        getReferenced = procedure("lua_rawgeti", JAVA_LONG, JAVA_INT, JAVA_INT);
        getHook = function("lua_gethook", JAVA_LONG, JAVA_LONG);
        setHook = function("lua_sethook", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
        collector = function("lua_gc", JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
        ask = askedByScripts();
    }

    /**
     * @throws UnsatisfiedLinkError there is no LuaJIT for this machine, or it cannot be loaded
     */
    static LuaLibrary get() {
        LuaLibrary library = Loaded.LIBRARY;
        if (library == null) {
            throw new UnsatisfiedLinkError(Loaded.FAILURE);
        }
        return library;
    }

    private MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return linker.downcallHandle(
                symbols.findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    private MethodHandle procedure(String name, MemoryLayout... arguments) {
        return linker.downcallHandle(
                symbols.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
    }

    private long askedByScripts() {
        try {
            MethodHandle target =
                    MethodHandles.lookup()
                            .findStatic(
                                    LuaState.class,
                                    "asked",
                                    MethodType.methodType(
                                            int.class,
                                            int.class,
                                            int.class,
                                            double.class,
                                            MemorySegment.class,
                                            int.class,
                                            MemorySegment.class,
                                            int.class));
            return linker.upcallStub(
                            target,
                            FunctionDescriptor.of(
                                    JAVA_INT,
                                    JAVA_INT,
                                    JAVA_INT,
                                    JAVA_DOUBLE,
                                    ADDRESS,
                                    JAVA_INT,
                                    ADDRESS,
                                    JAVA_INT),
                            Arena.global())
                    .address();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("LuaState cannot be asked", e);
        }
    }

    private static SymbolLookup load() {
        Path file = unpacked();
        try {
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            file.toFile().delete(); // it is mapped, or of no use
        }
    }

    private static Path unpacked() {
        String name = resource(System.getProperty("os.arch", ""));
        try (InputStream packed = LuaLibrary.class.getResourceAsStream(name)) {
            if (packed == null) {
                throw new UnsatisfiedLinkError("no LuaJIT for this machine: " + name);
            }
            Path file = Files.createTempFile("attache-luajit", ".so");
            Files.copy(packed, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            UnsatisfiedLinkError failed =
                    new UnsatisfiedLinkError("LuaJIT cannot be unpacked: " + e);
            failed.initCause(e);
            throw failed;
        }
    }

    private static String resource(String architecture) {
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "/libluajit64.so";
            case "aarch64", "arm64" -> "/libluajitarm64.so";
            default -> "/libluajit-" + architecture + ".so";
        };
    }
}
