package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.StructKind;
import dev.attache.filters.lua.LuaException;
import dev.attache.filters.lua.LuaState;
import dev.attache.proxy.stats.Gauge;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Code, and its state on each worker that has used it. Safe for threads; the states are confined to
 * their workers and go when nobody holds the script, or them, any more.
 */
final class LuaScript {

    private static final Logger LOG = LoggerFactory.getLogger("lua");

    /** What scripts of one {@code shared_vm_id} have in common when they share their states. */
    record Source(String code, String paths, String libraryPaths, String sharedId) {}

    private static final class Library {
        private static final String TEXT =
                Question.table()
                        + StructKind.table()
                        + "do local memory = select(3, ...)\n"
                        + read("bounds.lua")
                        + " end\n"
                        + read("handle.lua");

        private static String read(String name) {
            try (InputStream in = LuaScript.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException(name + " is missing");
                }
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final Source source;
    private final Map<Integer, ScriptState> states = new ConcurrentHashMap<>();
    private volatile @Nullable Object slot;

    LuaScript(Source source) {
        this.source = source;
    }

    /** Holds what it is found by, as long as somebody holds the script. */
    void keep(Object finder) {
        slot = finder;
    }

    /**
     * Runs the script once, in a state of its own.
     *
     * @throws LuaException it does not compile, or fails
     * @throws UnsatisfiedLinkError there is no LuaJIT here
     */
    void check() throws LuaException {
        try (ScriptState tried = new ScriptState(open(() -> {}))) {
            if (!tried.hooksRequests()) {
                LOG.info(
                        "envoy_on_request() function not found. Lua filter will not hook requests.");
            }
            if (!tried.hooksResponses()) {
                LOG.info(
                        "envoy_on_response() function not found. Lua filter will not hook"
                                + " responses.");
            }
        }
    }

    private LuaState open(Runnable closed) throws LuaException {
        return new LuaState(
                Library.TEXT, source.code(), source.paths(), source.libraryPaths(), closed);
    }

    /**
     * The state of a worker, opened when it is first asked for; on that worker.
     *
     * @param count of states that there are
     */
    ScriptState on(int worker, Gauge count) {
        ScriptState known = states.get(worker);
        if (known != null) {
            return known;
        }
        ScriptState opened;
        try {
            count.inc();
            opened = new ScriptState(open(count::dec));
        } catch (LuaException e) {
            // It ran when it was checked. What it does differs each time; this worker has none.
            LOG.error("script load error: {}", e.getMessage());
            opened = ScriptState.NONE;
        }
        states.put(worker, opened);
        return opened;
    }
}
