package dev.attache.server.plane;

import dev.attache.server.plane.compile.DiscoveredParts;
import dev.attache.server.plane.version.Lease;
import dev.attache.server.plane.version.PlaneContext;
import dev.attache.server.plane.version.Preparations;
import dev.attache.server.plane.version.Warmup;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One configuration of a discovered filter with what it needs: routes, secrets, filters within it,
 * preparations. It counts at once; only who waits for the first one waits for these. Main loop only.
 */
final class ExtensionVersion {

    private static final Logger LOG = LoggerFactory.getLogger("config");

    private final ExtensionStore store;
    private final String name;
    private final DiscoveredParts parts;
    private final SecretUse secrets;
    private final List<Lease> leases = new ArrayList<>();
    private final Warmup warmup;
    private final Runnable whenReady;
    private final Preparations preparations;

    /**
     * @param whenReady runs when everything is there, or is not waited for any longer
     */
    ExtensionVersion(
            ExtensionStore store,
            String name,
            DiscoveredParts parts,
            SecretUse secrets,
            Runnable whenReady) {
        this.store = store;
        this.name = name;
        this.parts = parts;
        this.secrets = secrets;
        this.whenReady = whenReady;
        this.warmup = new Warmup("filter config " + name, whenReady);
        PlaneContext plane = store.plane();
        this.preparations =
                new Preparations(
                        parts.preparations(),
                        plane.preparing(),
                        plane.publisher()::afterPublishing);
    }

    void start() {
        leases.addAll(secrets.leases());
        secrets.await(warmup);
        leases.addAll(store.useRoutes(parts.dependencies(), warmup));
        leases.addAll(store.useAll(parts.discoveries(), warmup));
        preparations.start(
                warmup,
                why -> {
                    LOG.warn("filter config '{}': {}", name, why);
                    warmup.cancel();
                    whenReady.run();
                });
        warmup.start();
    }

    /** Connections that have it go on until the drain time is over. */
    void closeDrained() {
        warmup.cancel();
        if (leases.isEmpty() && parts.preparations().isEmpty()) {
            return;
        }
        store.plane().loop().schedule(store.plane().drainTime(), this::close);
    }

    void close() {
        warmup.cancel();
        preparations.close();
        leases.forEach(Lease::close);
    }
}
