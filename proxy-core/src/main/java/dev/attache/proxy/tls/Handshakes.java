package dev.attache.proxy.tls;

import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The handshakes under way in one transport, by engine: how the certificate callbacks, which know
 * only the engine, find their connection. Each entry is written and read by its own worker.
 */
final class Handshakes {

    private final ConcurrentHashMap<SSLEngine, Handshake> running = new ConcurrentHashMap<>();

    void begin(SSLEngine engine, Handshake handshake) {
        running.put(engine, handshake);
    }

    void end(SSLEngine engine) {
        running.remove(engine);
    }

    @Nullable Handshake of(SSLEngine engine) {
        return running.get(engine);
    }

    int size() {
        return running.size();
    }
}
