package dev.attache.config.extension;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the compilation of a resource notes beside the spec: which other resources it waits for, and
 * what is to be prepared for it. Shared by all contexts of one resource.
 */
public final class CompileAttachments {
    private final List<ResourceDependency> dependencies = new ArrayList<>();

    private final List<Preparation> preparations = new ArrayList<>();

    private final List<ExtensionDiscovery> discoveries = new ArrayList<>(0);

    private final List<Long> generations = new ArrayList<>(0);

    private boolean outliving;

    private String owner = "";

    private @Nullable Object part;

    /** Says whose compilation this is: the resource's name. */
    public void ownedBy(String name) {
        owner = name;
    }

    /** Name of the resource that is compiled, for the texts of what it holds; empty if not said. */
    public String owner() {
        return owner;
    }

    /**
     * Says in which part of the resource what follows stands, until the next such part.
     *
     * @param content by whose {@code equals} an update leaves the part as it is; or null
     */
    public void within(@Nullable Object content) {
        part = content;
    }

    /** The part that is being compiled, or null where there are none. */
    @Nullable Object part() {
        return part;
    }

    /** Notes a dependency once; of several users the first one counts. */
    public void dependsOn(ResourceDependency dependency) {
        for (ResourceDependency known : dependencies) {
            if (known.awaitsSame(dependency)) {
                return;
            }
        }
        dependencies.add(dependency);
    }

    /** In the order in which they were noted. */
    public List<ResourceDependency> dependencies() {
        return List.copyOf(dependencies);
    }

    /** Notes what is to be done on the main loop while the resource lives: only listeners do. */
    public void prepares(Preparation preparation) {
        preparations.add(preparation);
    }

    /** In the order in which they were noted. */
    public List<Preparation> preparations() {
        return List.copyOf(preparations);
    }

    /** Notes that the configuration of one of its filters is to be discovered. */
    public void discovers(ExtensionDiscovery discovery) {
        discoveries.add(discovery);
    }

    /** In the order in which they were noted. */
    public List<ExtensionDiscovery> discoveries() {
        return List.copyOf(discoveries);
    }

    /**
     * Says that what is compiled is used by listeners of different versions, also by those that
     * drain.
     */
    public void outlivesItsUsers() {
        outliving = true;
    }

    boolean isOutliving() {
        return outliving;
    }

    /** Notes that an extension which can be replaced is used. */
    void uses(long generation) {
        generations.add(generation);
    }

    /** How many uses of extensions that can be replaced were noted so far. */
    public int uses() {
        return generations.size();
    }

    /**
     * Which loadings of their code the extensions were of that have been used since, in order.
     * Equal messages that differ in these mean different things.
     *
     * @param before what {@link #uses} said
     */
    public List<Long> usedSince(int before) {
        return List.copyOf(generations.subList(before, generations.size()));
    }
}
