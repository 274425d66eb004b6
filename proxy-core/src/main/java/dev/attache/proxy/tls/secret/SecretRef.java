package dev.attache.proxy.tls.secret;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A live reference to one secret: inline and constant, or fed by SDS or a watched directory.
 * Written by the config plane only; read from any thread. A secret that has not arrived is null.
 */
public final class SecretRef<T extends TlsSecret> {

    private final String name;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<Function<T, @Nullable String>> checks = new CopyOnWriteArrayList<>();
    private volatile @Nullable T current;
    private volatile String statName;

    private SecretRef(String name, @Nullable T current) {
        this.name = name;
        this.statName = name;
        this.current = current;
    }

    /** A reference that already has its value, and usually keeps it. */
    public static <T extends TlsSecret> SecretRef<T> of(T secret) {
        return new SecretRef<>("", secret);
    }

    /**
     * A reference that waits for its value.
     *
     * @param name the SDS resource name
     */
    public static <T extends TlsSecret> SecretRef<T> awaiting(String name) {
        return new SecretRef<>(name, null);
    }

    /** SDS resource name; empty for an inline secret. */
    public String name() {
        return name;
    }

    /** What stats about it are called; the SDS name unless {@link #called} said otherwise. */
    public String statName() {
        return statName;
    }

    /** Config plane only, before others see it: names its stats. */
    public SecretRef<T> called(String newStatName) {
        statName = newStatName;
        return this;
    }

    public @Nullable T current() {
        return current;
    }

    /** Config plane only: sets the value and tells the listeners, on the calling thread. */
    public void update(@Nullable T secret) {
        current = secret;
        for (Runnable listener : listeners) {
            listener.run();
        }
    }

    /**
     * Why one of its users cannot take {@code secret}, in Envoy's words, or null. Config plane
     * only, before an update.
     */
    public @Nullable String problem(T secret) {
        for (Function<T, @Nullable String> check : checks) {
            String problem = check.apply(secret);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Asks {@code check} before each update, until it is removed. */
    public void addCheck(Function<T, @Nullable String> check) {
        checks.add(check);
    }

    public void removeCheck(Function<T, @Nullable String> check) {
        checks.remove(check);
    }

    /** Runs {@code listener} after each update, on the updating thread, until it is removed. */
    public void onUpdate(Runnable listener) {
        listeners.add(listener);
    }

    public void removeListener(Runnable listener) {
        listeners.remove(listener);
    }
}
