package dev.attache.server.plane.compile;

import dev.attache.config.extension.ResourceDependency;
import dev.attache.proxy.listener.spec.ListenerSpec;
import java.util.List;

/** A compiled listener and the resources that it waits for. */
public record ListenerParts(ListenerSpec spec, List<ResourceDependency> dependencies) {}
