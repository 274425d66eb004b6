package dev.attache.config.listener;

import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/**
 * A compiled listener.
 *
 * @param dependencies the routes and secrets that it waits for before it is warm
 * @param preparations what the main loop does for it, beginning when it warms
 * @param discoveries its filters whose configurations are discovered
 * @param generations of the users' extensions that it was compiled by
 */
public record CompiledListener(
        ListenerSpec spec,
        List<ResourceDependency> dependencies,
        List<Preparation> preparations,
        List<ExtensionDiscovery> discoveries,
        List<Long> generations) {
    public CompiledListener {
        dependencies = List.copyOf(dependencies);
        preparations = List.copyOf(preparations);
        discoveries = List.copyOf(discoveries);
        generations = List.copyOf(generations);
    }
}
