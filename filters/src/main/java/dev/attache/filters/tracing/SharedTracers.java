package dev.attache.filters.tracing;

import dev.attache.config.extension.SharedSlot;
import dev.attache.proxy.network.NetworkFilterContext;
import dev.attache.proxy.network.http.TracingSpec;
import dev.attache.proxy.network.http.TracingSpec.Opened;

/**
 * A configured tracer. Two configurations that say the same are one: they share the slot.
 *
 * @param slot holds the tracers while a chain uses them
 */
public record SharedTracers(SharedSlot<WorkerTracers> slot) implements TracingSpec.Provider {

    @Override
    public Opened open(NetworkFilterContext context) {
        SharedSlot.Lease<WorkerTracers> lease = slot.lease();
        Opened opened = lease.value().open(context);
        return new Opened(
                opened.tracer(),
                () -> {
                    opened.release().run();
                    lease.close();
                });
    }
}
