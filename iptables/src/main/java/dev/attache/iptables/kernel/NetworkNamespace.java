package dev.attache.iptables.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of work inside a network namespace, on a thread of its own, because setns(2) moves
 * one thread and a pooled thread must not stay moved.
 */
public final class NetworkNamespace {
    private static final int CLONE_NEWNET = 0x40000000;

    private NetworkNamespace() {}

    /** Work that may fail with an I/O error. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does the work and returns its result. */
        T run() throws IOException;
    }

    /**
     * Runs {@code work} in the namespace that {@code path} names (for example {@code
     * /proc/PID/ns/net} or {@code /run/netns/NAME}), waiting for it.
     *
     * @throws IOException if the namespace cannot be entered, or what the work threw
     */
    public static <T> T in(Path path, Work<T> work) throws IOException {
        AtomicReference<@Nullable T> result = new AtomicReference<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread =
                Thread.ofPlatform()
                        .name("netns")
                        .start(
                                () -> {
                                    try {
                                        enter(path);
                                        result.set(work.run());
                                    } catch (IOException | RuntimeException | Error e) {
                                        failure.set(e);
                                    }
                                });
        join(thread);
        Throwable thrown = failure.get();
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown != null) {
            throw new IllegalStateException("work in network namespace " + path, thrown);
        }
        T value = result.get();
        if (value == null) {
            throw new IllegalStateException("work in network namespace " + path + " gave nothing");
        }
        return value;
    }

    private static void enter(Path path) throws KernelException {
        try (Descriptor namespace = Descriptor.open(path)) {
            SystemCall.SETNS.call(
                    "enter network namespace " + path, namespace.number(), CLONE_NEWNET, 0, 0, 0);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while in a network namespace", e);
        }
    }
}
