package dev.attache.agent.identity.ca;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps Vault's token alive: it is renewed when half of its life is over, for as long as Vault
 * renews it. Certificates live longer than such tokens, so nothing else would. A thread of its own,
 * where there is something to renew; any thread may call.
 */
final class VaultLease implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("vault");
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final VaultClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private String token = "";
    private long renewal;
    private long end;
    private boolean closed;
    private @Nullable Thread thread;

    VaultLease(VaultClient client) {
        this.client = client;
    }

    /**
     * How long a token lives by an answer about it; zero where it is not to be renewed or has no
     * end.
     *
     * @param field {@code lease_duration} or {@code ttl}, seconds
     */
    static Duration life(Map<?, ?> answer, String field) {
        boolean renewable = Boolean.TRUE.equals(answer.get("renewable"));
        return renewable && answer.get(field) instanceof Number seconds
                ? Duration.ofSeconds(Math.max(0, seconds.longValue()))
                : Duration.ZERO;
    }

    /** This token from now on. */
    void hold(String given, Duration life) {
        lock.lock();
        try {
            token = life.isZero() ? "" : given;
            long now = System.nanoTime();
            end = now + life.toNanos();
            renewal = now + Math.max(LEAST.toNanos(), life.toNanos() / 2);
            if (!token.isEmpty() && thread == null && !closed) {
                thread = Thread.ofVirtual().name("vault-token").start(this::run);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (String due = await(); !due.isEmpty(); due = await()) {
            try {
                Map<?, ?> answer = client.post("auth/token/renew-self", due, Map.of());
                Map<?, ?> auth = answer.get("auth") instanceof Map<?, ?> map ? map : Map.of();
                renewed(due, life(auth, "lease_duration"));
            } catch (IOException e) {
                failed(due, e);
            }
        }
    }

    /** The token that is to be renewed now; empty at the end. */
    private String await() {
        lock.lock();
        try {
            while (!closed) {
                long left = renewal - System.nanoTime();
                if (!token.isEmpty() && left <= 0) {
                    return token;
                }
                if (token.isEmpty()) {
                    changed.await();
                } else if (changed.await(left, TimeUnit.NANOSECONDS)) {
                    continue; // another token, or the end
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return "";
    }

    /** A life that is not longer than before is the last: Vault's limit is reached. */
    private void renewed(String which, Duration life) {
        lock.lock();
        try {
            if (!which.equals(token)) {
                return;
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            if (life.compareTo(left.plus(LEAST)) > 0) {
                LOG.debug("the token of Vault is renewed for {} s", life.toSeconds());
                hold(which, life);
            } else {
                LOG.warn(
                        "Vault renews its token no further: it ends in {} s; with AppRole another"
                                + " login follows, else give another token",
                        Math.max(0, left.toSeconds()));
                hold(which, Duration.ZERO);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Tried again while the token lives; what Vault does not accept is not shown again. */
    private void failed(String which, IOException reason) {
        lock.lock();
        try {
            if (closed || !which.equals(token)) {
                return;
            }
            Duration left = Duration.ofNanos(end - System.nanoTime());
            LOG.warn(
                    "the token of Vault is not renewed and ends in {} s: {}",
                    Math.max(0, left.toSeconds()),
                    reason.getMessage());
            boolean refused = reason instanceof VaultException vault && vault.forbidden();
            if (refused || left.compareTo(LEAST) < 0) {
                hold(which, Duration.ZERO);
            } else {
                renewal = System.nanoTime() + Math.max(LEAST.toNanos(), left.toNanos() / 2);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }
}
