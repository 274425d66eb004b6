package dev.attache.server.review.dryrun;

import dev.attache.server.review.Configuration;
import dev.attache.server.review.Discovery;
import dev.attache.server.review.FileDiscovery;
import dev.attache.server.review.Given;
import dev.attache.xds.ResourceType;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resources of files as they are; those of control planes as the proxy has them. */
record FilesOrHeld(FileDiscovery files, HeldDiscovery held) implements Discovery {

    @Override
    public @Nullable List<Given> find(
            ResourceType type, String name, ConfigSource source, Configuration into) {
        List<Given> found = files.find(type, name, source, into);
        return found != null ? found : held.find(type, name, source, into);
    }

    @Override
    public void endOfQuestions(Configuration into) {
        files.endOfQuestions(into);
    }
}
