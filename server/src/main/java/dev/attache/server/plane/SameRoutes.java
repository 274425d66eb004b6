package dev.attache.server.plane;

import dev.attache.config.Compiled;
import dev.attache.config.route.CompiledRoutes;
import dev.attache.server.plane.version.Recompilation;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A route configuration on its way to another table of the same content. */
final class SameRoutes implements Recompilation {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final String resource;
    private final Supplier<Compiled<CompiledRoutes>> compiler;
    private final Consumer<CompiledRoutes> adoption;
    private @Nullable Compiled<CompiledRoutes> compiled;

    /**
     * @param adoption gets what came of it, unless it is given up
     */
    SameRoutes(
            String resource,
            Supplier<Compiled<CompiledRoutes>> compiler,
            Consumer<CompiledRoutes> adoption) {
        this.resource = resource;
        this.compiler = compiler;
        this.adoption = adoption;
    }

    @Override
    public String resource() {
        return resource;
    }

    @Override
    public void compile() {
        try {
            compiled = compiler.get();
        } catch (Throwable e) {
            LOG.error("compiling {} failed", resource, e);
            compiled = Resources.failed(resource, e);
        }
    }

    @Override
    public @Nullable String problem() {
        return compiled instanceof Compiled.Rejected<CompiledRoutes> rejected
                ? rejected.summary()
                : null;
    }

    @Override
    public @Nullable String take() {
        if (compiled instanceof Compiled.Ok<CompiledRoutes> ok) {
            adoption.accept(ok.value());
        }
        return problem();
    }

    @Override
    public void giveUp() {
        compiled = null;
    }
}
