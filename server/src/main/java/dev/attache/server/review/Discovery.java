package dev.attache.server.review;

import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where resources are that a configuration names. */
public interface Discovery {

    /**
     * What a source has.
     *
     * @param name of the resource; empty for all
     * @param into hears what is wrong with the source
     * @return null where nobody can say it now: a control plane will
     */
    @Nullable List<Given> find(
            ResourceType type, String name, ConfigSource source, Configuration into);

    /** Whether resources of a type come although the bootstrap names no source of them. */
    default boolean brings(ResourceType type) {
        return false;
    }

    /** What was not asked for, once nobody asks any more; each is a warning. */
    void endOfQuestions(Configuration into);
}
