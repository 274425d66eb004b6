package dev.attache.proxy.tls;

import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes under way in this process, by engine: how the certificate callbacks of a context,
 * which know only the engine, find their connection. Global by nature, as contexts are shared; each
 * entry is written and read by its own worker.
 */
final class Handshakes {

    private static final ConcurrentHashMap<SSLEngine, Handshake> RUNNING =
            new ConcurrentHashMap<>();

    private Handshakes() {}

    static void begin(SSLEngine engine, Handshake handshake) {
        RUNNING.put(engine, handshake);
    }

    static void end(SSLEngine engine) {
        RUNNING.remove(engine);
    }

    static @Nullable Handshake of(SSLEngine engine) {
        return RUNNING.get(engine);
    }

    static int size() {
        return RUNNING.size();
    }
}
