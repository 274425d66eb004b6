package dev.attache.config.listener;

import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/**
 * A compiled listener.
 *
 * @param dependencies the routes and secrets that it waits for before it is warm
 */
public record CompiledListener(ListenerSpec spec, List<ResourceDependency> dependencies) {
    public CompiledListener {
        dependencies = List.copyOf(dependencies);
    }
}
