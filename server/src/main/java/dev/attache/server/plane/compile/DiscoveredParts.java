package dev.attache.server.plane.compile;

import dev.attache.config.extension.ExtensionDiscovery;
import dev.attache.config.extension.Preparation;
import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.discovered.DiscoveredFilter;
import java.util.List;

/**
 * A filter that was discovered, compiled.
 *
 * @param extension well-known name of what it is
 * @param dependencies the resources that it waits for
 * @param discoveries filters within it whose configurations are discovered, too
 * @param preparations what the main loop does for it while it serves
 */
public record DiscoveredParts(
        DiscoveredFilter.Found filter,
        String extension,
        List<ResourceDependency> dependencies,
        List<ExtensionDiscovery> discoveries,
        List<Preparation> preparations) {}
