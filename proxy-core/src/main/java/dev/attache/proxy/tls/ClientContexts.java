package dev.attache.proxy.tls;

import dev.attache.proxy.tls.secret.Identity;
import dev.attache.proxy.tls.secret.TlsParams;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * BoringSSL contexts of the dialling side. A context depends on who we are, on parameters and on
 * the protocols offered, not on the cluster: those that agree share one, so that a rotation builds
 * one for all of them. What differs between clusters (trust, names, sessions) belongs to their
 * connections. Global by nature; any thread, and a lock, as a connection takes what its cluster
 * holds already.
 */
final class ClientContexts {

    /**
     * What a context is made of.
     *
     * @param identity what we show when asked, or null; the same bytes are the same object
     * @param alpn protocols offered, which BoringSSL takes per context
     * @param sessions how many a cluster keeps for resumption; 0 = none
     */
    private record Key(
            @Nullable Identity identity, TlsParams params, List<String> alpn, int sessions) {}

    /** One user's hold on a context. */
    static final class Lease {
        private final Key key;
        private final Shared shared;

        private Lease(Key key, Shared shared) {
            this.key = key;
            this.shared = shared;
        }

        /** Freed when its last user and the last connection made of it have gone. */
        ReferenceCountedOpenSslContext context() {
            return shared.context;
        }

        /** Once. */
        void release() {
            synchronized (KNOWN) {
                if (--shared.users == 0) {
                    KNOWN.remove(key, shared);
                    shared.context.release();
                }
            }
        }
    }

    private static final class Shared {
        final ReferenceCountedOpenSslContext context;
        int users;
        int mostUsers;

        Shared(ReferenceCountedOpenSslContext context) {
            this.context = context;
        }
    }

    private static final Map<Key, Shared> KNOWN = new HashMap<>();

    private ClientContexts() {}

    static Lease acquire(
            @Nullable Identity identity, TlsParams params, List<String> alpn, int sessions)
            throws SSLException {
        Key key = new Key(identity, params, alpn, sessions);
        synchronized (KNOWN) {
            Shared shared = KNOWN.get(key);
            if (shared == null) {
                shared = new Shared(TlsContexts.client(identity, params, alpn, sessions));
                KNOWN.put(key, shared);
            }
            shared.users++;
            if (sessions > 0 && shared.users > shared.mostUsers) {
                // The cache is one for all; each user brings room for its own sessions. It never
                // shrinks, because that would empty it.
                shared.mostUsers = shared.users;
                shared.context
                        .sessionContext()
                        .setSessionCacheSize(
                                (int) Math.min((long) shared.users * sessions, 1 << 20));
            }
            return new Lease(key, shared);
        }
    }

    /** Contexts in use, for tests. */
    static int size() {
        synchronized (KNOWN) {
            return KNOWN.size();
        }
    }
}
