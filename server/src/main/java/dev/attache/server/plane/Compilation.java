package dev.attache.server.plane;

import dev.attache.config.Compiled;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A root as compiled, with what that took of the secrets. */
record Compilation<T>(Compiled<T> result, SecretUse secrets) {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    /** Compiles on this thread; what the compiler throws refuses the resource. */
    static <T> Compilation<T> of(String resource, Supplier<Compiled<T>> compiler) {
        SecretUse secrets = new SecretUse();
        return new Compilation<>(secrets.of(() -> compile(resource, compiler)), secrets);
    }

    /** Why it is refused, or null. */
    @Nullable String problem() {
        return result instanceof Compiled.Rejected<T> rejected ? rejected.summary() : null;
    }

    private static <T> Compiled<T> compile(String resource, Supplier<Compiled<T>> compiler) {
        try {
            return compiler.get();
        } catch (CancellationException e) {
            throw e;
        } catch (Throwable e) {
            LOG.error("compiling {} failed", resource, e);
            return Resources.failed(resource, e);
        }
    }
}
