package dev.attache.server.plane;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Preparations;
import dev.attache.server.plane.version.Warmup;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration of a discovered filter with what it needs: routes, secrets, filters within it,
 * preparations. It counts at once; only who waits for the first one waits for these. {@link #close}
 * gives back all that it has, however far it came. Main loop only.
 */
final class ExtensionVersion {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final ExtensionStore store;
    private final String name;
    private final DiscoveredParts parts;
    private final SecretUse secrets;
    private final Warmup warmup;
    private final List<Lease> leases = new ArrayList<>();
    private final Preparations preparations;

    private ExtensionVersion(
            ExtensionStore store,
            String name,
            DiscoveredParts parts,
            SecretUse secrets,
            Runnable whenWarm) {
        this.store = store;
        this.name = name;
        this.parts = parts;
        this.secrets = secrets;
        this.warmup = new Warmup("filter config " + name, whenWarm);
        PlaneContext plane = store.plane();
        this.preparations =
                new Preparations(
                        parts.preparations(),
                        plane.preparing(),
                        plane.publisher()::afterPublishing);
    }

    /** Why a configuration cannot stand where it is wanted. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        private Unfit(String why) {
            super(why, null, false, false);
        }
    }

    /**
     * Compiles a configuration.
     *
     * @param placed who are to use it, all of them
     * @param whenWarm runs once what it needs is there, or is not waited for any longer
     */
    static ExtensionVersion of(
            ExtensionStore store,
            ExtensionDiscovery.Key key,
            TypedExtensionConfig wanted,
            List<ExtensionDiscovery> placed,
            Runnable whenWarm)
            throws Unfit {
        if (wanted.hasTypedConfig()) {
            String type = CompileContext.messageType(wanted.getTypedConfig());
            check(placed, user -> user.problem(type));
        }
        Compilation<DiscoveredParts> compilation = store.compile(key.kind(), wanted);
        Compiled<DiscoveredParts> compiled = compilation.result();
        try {
            if (compiled instanceof Compiled.Rejected<DiscoveredParts> rejected) {
                throw new Unfit(rejected.summary());
            }
            DiscoveredParts parts = compiled.orThrow();
            boolean terminal = parts.filter().terminal();
            check(placed, user -> user.problem(parts.extension(), terminal));
            compiled.warnings().forEach(warning -> LOG.warn("{}", warning.render()));
            return new ExtensionVersion(store, key.name(), parts, compilation.secrets(), whenWarm);
        } catch (Unfit e) {
            compilation.secrets().close();
            throw e;
        }
    }

    private static void check(
            List<ExtensionDiscovery> placed, Function<ExtensionDiscovery, @Nullable String> problem)
            throws Unfit {
        for (ExtensionDiscovery user : placed) {
            String why = problem.apply(user);
            if (why != null) {
                throw new Unfit(why);
            }
        }
    }

    DiscoveredParts parts() {
        return parts;
    }

    /** Asks for what it needs; throws where something of that cannot be asked for. */
    void ask() {
        secrets.await(warmup);
        store.useRoutes(parts.dependencies(), warmup, leases);
        store.useAll(parts.discoveries(), warmup, leases);
        preparations.start(
                warmup,
                why -> {
                    LOG.warn("filter config '{}': {}", name, why);
                    warmup.giveUp();
                });
    }

    /** It counts: waits for what it has asked for. */
    void warm() {
        warmup.start();
    }

    /** Nobody waits for it; connections that have it go on until the drain time is over. */
    void closeDrained() {
        warmup.cancel();
        if (leases.isEmpty() && secrets.leases().isEmpty() && parts.preparations().isEmpty()) {
            return;
        }
        store.plane().loop().schedule(store.plane().drainTime(), this::close);
    }

    void close() {
        warmup.cancel();
        preparations.close();
        secrets.close();
        leases.forEach(Lease::close);
    }
}
