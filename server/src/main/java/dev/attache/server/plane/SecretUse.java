package dev.attache.server.plane;

import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.Warmup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What one compilation takes of the secrets, for whoever owns what is compiled. The compilation may
 * run on any thread; what it takes is noted here on the main loop.
 */
final class SecretUse {

    private static final ScopedValue<SecretUse> CURRENT = ScopedValue.newInstance();

    private final List<Lease> leases = new ArrayList<>();
    private final List<Consumer<Warmup>> awaited = new ArrayList<>();

    /** Of the compilation that runs on this thread; nobody's, where none keeps what it takes. */
    static SecretUse current() {
        return CURRENT.isBound() ? CURRENT.get() : new SecretUse();
    }

    /** Runs a compilation, or answers one of its questions, on this thread. */
    <T> T of(Supplier<T> compilation) {
        return ScopedValue.where(CURRENT, this).call(compilation::get);
    }

    /** Main loop only, as all that follows. */
    void holds(Lease lease) {
        leases.add(lease);
    }

    void awaits(Consumer<Warmup> secret) {
        awaited.add(secret);
    }

    /** Lets a warm-up wait for the secrets that have not come. */
    void await(Warmup warmup) {
        awaited.forEach(secret -> secret.accept(warmup));
    }

    /** They end with what was compiled. */
    List<Lease> leases() {
        return leases;
    }

    /** Nothing came of the compilation. */
    void close() {
        leases.forEach(Lease::close);
    }
}
