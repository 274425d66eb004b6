package dev.attache.server.plane.compile;

import dev.attache.config.extension.Preparation;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import java.util.List;

/**
 * A filter that was discovered, compiled.
 *
 * @param type full name of its message
 * @param preparations what the main loop does for it while it serves
 */
public record DiscoveredParts(HttpFilterSpec spec, String type, List<Preparation> preparations) {}
