package dev.attache.server.plane.compile;

import dev.attache.config.Compiled;
import dev.attache.xds.Takeover;
import dev.attache.xds.UpdateOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A version on its way: compiled beside the main loop, adopted on it. */
public final class CompiledUpdate<T> implements Takeover {

    private final Executor compiling;
    private final Supplier<Compiled<T>> compilation;
    private final Function<Supplier<Compiled<T>>, UpdateOutcome> adoption;
    private @Nullable CompletableFuture<Compiled<T>> compiled;

    /**
     * @param compiling where the compilation runs
     * @param adoption gets what came of it, which throws what the compilation has thrown
     */
    public CompiledUpdate(
            Executor compiling,
            Supplier<Compiled<T>> compilation,
            Function<Supplier<Compiled<T>>, UpdateOutcome> adoption) {
        this.compiling = compiling;
        this.compilation = compilation;
        this.adoption = adoption;
    }

    @Override
    public @Nullable UpdateOutcome step() {
        CompletableFuture<Compiled<T>> underWay = compiled;
        if (underWay == null) {
            compiled = CompletableFuture.supplyAsync(compilation, compiling);
            return null;
        }
        return adoption.apply(() -> CompileThread.result(underWay));
    }

    @Override
    public @Nullable CompletableFuture<?> awaits() {
        return compiled;
    }
}
