package dev.attache.server.plane.compile;

import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/**
 * A compiled listener, the resources that it waits for, and what is prepared for it.
 *
 * @param discoveries its filters whose configurations are discovered
 * @param generations of the users' extensions that it was compiled by
 */
public record ListenerParts(
        ListenerSpec spec,
        List<ResourceDependency> dependencies,
        List<Preparation> preparations,
        List<ExtensionDiscovery> discoveries,
        List<Long> generations) {}
