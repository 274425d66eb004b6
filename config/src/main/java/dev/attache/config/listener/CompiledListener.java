package dev.attache.config.listener;

import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/**
 * A compiled listener.
 *
 * @param dependencies the routes and secrets that it waits for before it is warm
 * @param preparations what the main loop does for it, beginning when it warms
 */
public record CompiledListener(
        ListenerSpec spec, List<ResourceDependency> dependencies, List<Preparation> preparations) {
    public CompiledListener {
        dependencies = List.copyOf(dependencies);
        preparations = List.copyOf(preparations);
    }
}
