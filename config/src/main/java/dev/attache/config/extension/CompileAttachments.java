package dev.attache.config.extension;

import java.util.ArrayList;
import java.util.List;

/**
 * What the compilation of a resource notes beside the spec: which other resources it waits for.
 * Shared by all contexts of one resource.
 */
public final class CompileAttachments {
    private final List<ResourceDependency> dependencies = new ArrayList<>();

    /** Notes a dependency once. */
    public void dependsOn(ResourceDependency dependency) {
        if (!dependencies.contains(dependency)) {
            dependencies.add(dependency);
        }
    }

    /** In the order in which they were noted. */
    public List<ResourceDependency> dependencies() {
        return List.copyOf(dependencies);
    }
}
