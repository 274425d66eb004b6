package dev.attache.proxy.tls;

import dev.attache.proxy.tls.secret.SecretRef;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a transport makes of its secrets in step with them. Secrets are parsed and contexts
 * built on the configuration's thread; workers read one volatile field. Material that cannot be
 * used leaves the previous one in place; running connections keep theirs.
 */
final class Rotation<M extends Rotation.Material> {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** What a transport needs to begin a handshake. */
    interface Material {

        /** Its owner has another; connections may still be using it. */
        void release();
    }

    /** Makes material of what the secrets are now. */
    @FunctionalInterface
    interface Builder<M> {

        /**
         * @param previous may be the answer: nothing that matters has changed
         * @return null while a secret is missing
         */
        @Nullable M build(@Nullable M previous) throws GeneralSecurityException, SSLException;
    }

    private final List<SecretRef<?>> secrets;
    private final Builder<M> builder;
    private final TlsStats stats;
    private final Runnable rebuild = this::onSecretUpdate;
    private volatile @Nullable M current;
    private boolean closed;

    /**
     * @throws IllegalArgumentException if secrets that are present cannot be used
     */
    Rotation(List<SecretRef<?>> secrets, Builder<M> builder, TlsStats stats) {
        this.secrets = secrets;
        this.builder = builder;
        this.stats = stats;
        try {
            current = builder.build(null);
        } catch (GeneralSecurityException | SSLException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        stats.opened(secrets);
        secrets.forEach(secret -> secret.onUpdate(rebuild));
    }

    /** Null while a secret is missing, and after the end. Any thread. */
    @Nullable M current() {
        return current;
    }

    private synchronized void onSecretUpdate() {
        if (closed) {
            return;
        }
        try {
            M previous = current;
            M next = builder.build(previous);
            if (next != null && next != previous) {
                current = next;
                release(previous);
            }
            stats.contextUpdates.inc();
        } catch (GeneralSecurityException | SSLException e) {
            LOG.warn("TLS secret not usable, the previous one stays: {}", e.getMessage());
        }
    }

    private static void release(@Nullable Material material) {
        if (material != null) {
            material.release();
        }
    }

    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        secrets.forEach(secret -> secret.removeListener(rebuild));
        M previous = current;
        current = null;
        release(previous);
    }
}
