package dev.attache.server.plane.version;

import com.google.protobuf.Message;
import dev.attache.config.validate.Findings;
import dev.attache.xds.XdsResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster or listener on its way to another version of the same content. */
final class SameContent<M extends Message, C, V extends VersionedResource.Version>
        implements Recompilation {
    private final VersionedResources<M, C, V> roots;
    private final VersionedResource<V> resource;
    private final V before;

    /** The bootstrap's are compiled by their place in it; others are read from their bytes. */
    private final @Nullable M ofBootstrap;

    private @Nullable M message;
    private @Nullable C compiled;
    private @Nullable String problem;

    /**
     * @param before the newest version
     */
    SameContent(VersionedResources<M, C, V> roots, VersionedResource<V> resource, V before) {
        this.roots = roots;
        this.resource = resource;
        this.before = before;
        this.ofBootstrap = resource.isStatic() ? roots.staticMessage(resource.name()) : null;
    }

    @Override
    public String resource() {
        return roots.noun() + " '" + resource.name() + "'";
    }

    @Override
    public void compile() {
        if (ofBootstrap != null) {
            compile(ofBootstrap, null);
            return;
        }
        StoredVersion stored = before.stored();
        var reading =
                roots.parse(
                        new XdsResource(
                                resource.name(), List.of(), stored.version(), stored.body(), null));
        problem = reading.problem();
        if (problem == null && reading.message() != null) {
            compile(reading.message(), reading.found());
        }
    }

    private void compile(M of, @Nullable Findings found) {
        C made = roots.type().compile(resource.name(), of, found);
        message = of;
        compiled = made;
        problem = roots.type().problem(made);
    }

    @Override
    public @Nullable String problem() {
        return problem;
    }

    @Override
    public @Nullable String take() {
        C made = compiled;
        M of = message;
        if (made == null || of == null) {
            return problem;
        }
        if (roots.get(resource.name()) != resource || resource.newest() != before) {
            giveUp();
            return null;
        }
        StoredError error = resource.error();
        String refused = roots.type().open(resource, of, () -> made, before.stored());
        if (refused == null) {
            roots.type().accepted(resource, false);
            resource.keepError(error);
        }
        return refused;
    }

    @Override
    public void giveUp() {
        C made = compiled;
        compiled = null;
        if (made != null) {
            roots.type().discard(made);
        }
    }
}
